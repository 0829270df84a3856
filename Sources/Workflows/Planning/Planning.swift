import Base
public import Models
import Tensors

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

  /// Floating-point operations a second of this machine's products, the best of a short trial.
  public static func productRate(_ context: WorkContext) throws -> Double {
    let device = try context.device()
    let (rows, width) = (1024, 2048)
    let store = try ParameterStore(
      [ParameterSpec("weight", [width, width], decays: false)], on: device)
    let input = View(try device.allocate(.real, count: rows * width))
    let output = View(try device.allocate(.real, count: rows * width))
    let recorder = try Recorder(store)
    let x = recorder.tensor(over: input, rows: Rows(capacity: rows), columns: width)
    recorder.linear(x, store["weight"], into: output)
    let program = try recorder.finish()
    var best = Double.infinity
    let begin = monotonicSeconds()
    repeat {
      let start = monotonicSeconds()
      program.run()
      best = min(best, monotonicSeconds() - start)
    } while monotonicSeconds() - begin < 0.5
    return 2 * Double(rows) * Double(width) * Double(width) / max(best, 1e-9)
  }
}
