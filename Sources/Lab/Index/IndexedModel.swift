public import Base

/// A model that was made elsewhere and lies in `models/`.
public struct IndexedModel: Equatable, Sendable {
  public let name: String
  /// Bytes of its files.
  public let bytes: Int
  /// The content of its `config.json`; null for a model that is one file.
  public let config: JSON

  /// Looks at a Hugging Face folder or a single file.
  ///
  /// - Throws: ``Failure`` if the folder has no sound `config.json`.
  init(_ path: Path) throws {
    name = path.name
    guard Files.isDirectory(path) else {
      bytes = try Files.size(path)
      config = .null
      return
    }
    bytes = try Files.list(path).reduce(0) { try $0 + Files.size(path / $1) }
    config = try JSON.read(path / "config.json")
  }

  var json: JSON { ["name": JSON(name), "bytes": JSON(bytes), "config": config] }

  init?(_ json: JSON) {
    guard let name = json["name"]?.string else { return nil }
    self.name = name
    bytes = json["bytes"]?.int ?? 0
    config = json["config"] ?? .null
  }
}
