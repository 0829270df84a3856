import Base
public import Models
public import Tensors

/// What `kaji plan` needs besides the plan itself.
public enum Planning {
  /// The shape of a name, of a config.json, or of the folder it lies in.
  ///
  /// - Throws: `Failure` if it is none of these.
  public static func shape(_ text: String) throws -> LlamaConfig {
    if let preset = ModelPreset.named(text) { return preset.config }
    let path = Path(text)
    let folder = path.name == "config.json" ? path.parent : path
    guard Files.exists(folder / "config.json") else {
      throw Failure(
        "'\(Sanitiser.visible(text))' is no shape",
        remedy: "Give one of \(ModelPreset.all.map(\.name).joined(separator: ", ")), or a folder "
          + "with a config.json.")
    }
    return try ModelFolder(folder).config
  }

  /// Floating-point operations a second of this machine's products of matrices.
  public static func productRate(_ context: WorkContext, _ precision: Precision) throws -> Double {
    try ProductRoof.measure(on: context.device(precision: precision), clock: monotonicSeconds)
  }
}
