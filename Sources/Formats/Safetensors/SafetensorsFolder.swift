public import Base

/// The tensors of a model: one `model.safetensors`, or several with `model.safetensors.index.json`.
public struct SafetensorsFolder: Sendable {
  public let folder: Path
  /// The files, by name.
  public let files: [SafetensorsFile]
  private let owner: [ExactText: Int]

  /// Opens the tensors of a Hugging Face folder.
  ///
  /// - Throws: ``Failure`` if none are there, or if index and files disagree.
  public init(_ folder: Path, name: String = "model") throws {
    self.folder = folder
    let single = folder / "\(name).safetensors"
    let index = folder / "\(name).safetensors.index.json"
    if Files.exists(single) {
      let file = try SafetensorsFile(single)
      files = [file]
      owner = Dictionary(uniqueKeysWithValues: file.entries.map { (ExactText($0.name), 0) })
      return
    }
    guard Files.exists(index) else {
      throw Failure(
        "\(folder) holds neither \(single.name) nor \(index.name)",
        remedy: "Name the folder of a model.")
    }
    guard let map = try JSON.read(index)["weight_map"]?.object else {
      throw Failure("\(index) has no weight_map", remedy: "Copy the model again.")
    }
    var names: Set<ExactText> = []
    for (tensor, value) in map {
      // A file name from outside must not lead out of the folder.
      guard let file = value.string, Name.isFile(file) else {
        throw Failure(
          "\(index): the tensor \(Sanitiser.visible(tensor)) names no file of the folder",
          remedy: "Copy the model again.")
      }
      names.insert(ExactText(file))
    }
    let sorted = names.sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(sorted, sorted.indices))
    var files: [SafetensorsFile] = []
    for name in sorted { files.append(try SafetensorsFile(folder / name.string)) }
    var owner: [ExactText: Int] = [:]
    for (tensor, value) in map {
      guard let position = places[ExactText(value.string ?? "")],
        files[position][tensor] != nil
      else {
        throw Failure(
          "\(index) puts the tensor \(Sanitiser.visible(tensor)) into \(value.string ?? "?"), "
            + "which does not hold it", remedy: "Copy the model again.")
      }
      owner[ExactText(tensor)] = position
    }
    self.files = files
    self.owner = owner
  }

  /// The names of all tensors, sorted.
  public var names: [String] { owner.keys.sorted().map(\.string) }

  /// Name, type and shape of a tensor.
  public subscript(name: String) -> SafetensorsEntry? { file(of: name)?[name] }

  /// The file that holds a tensor.
  public func file(of name: String) -> SafetensorsFile? { owner[ExactText(name)].map { files[$0] } }

  /// A tensor as floats, row-major.
  ///
  /// - Throws: ``Failure`` if there is no such tensor, or its type is none of floats.
  public func floats(_ name: String) throws -> [Float] {
    guard let file = file(of: name) else {
      throw Failure("\(folder) has no tensor \(name)", remedy: "Check that it is the right model.")
    }
    return try file.floats(name)
  }
}
