public import Base

/// YAML, as far as configuration needs it: one document, with JSON's data model.
///
/// Plain scalars get their types by the core schema of YAML 1.2 (section 10.3.2), so `yes`, `no` and
/// `012` mean what they look like. Anchors and aliases work; tags other than the core schema's,
/// duplicate keys and keys that are no scalars are refused.
public enum YAML {
  /// The largest text that is parsed, in bytes.
  public static let sizeLimit = 16 << 20
  /// The deepest nesting.
  public static let depthLimit = 64
  /// The most values, with each alias counted as all that it stands for.
  public static let nodeLimit = 1_000_000
  /// The most bytes of text in the values, counted in the same way.
  public static let textLimit = 64 << 20

  /// The value that a text describes; an empty text is null.
  ///
  /// - Parameter file: what errors call the text.
  /// - Throws: ``Failure`` naming file and line.
  public static func parse(_ text: String, file: String) throws(Failure) -> JSON {
    try document(text, file: file).root
  }

  /// The value that a text describes, with the lines on which its parts stand.
  ///
  /// - Throws: ``Failure`` naming file and line.
  public static func document(_ text: String, file: String) throws(Failure) -> YAMLDocument {
    let bytes = Array(text.utf8)
    guard bytes.count <= sizeLimit else {
      throw Failure(
        "\(file) has \(Format.bytes(bytes.count)), more than \(Format.bytes(sizeLimit))",
        remedy: "Check that it is a YAML file.")
    }
    var builder = try YAMLBuilder(bytes, file: file)
    return try builder.document()
  }

  /// Reads and parses a file.
  ///
  /// - Throws: ``Failure`` naming the file.
  public static func read(_ path: Path) throws -> YAMLDocument {
    try document(Files.readText(path, limit: sizeLimit), file: path.string)
  }
}

/// A parsed YAML text and the lines of its parts.
public struct YAMLDocument: Sendable {
  /// What errors call the text.
  public let file: String
  /// The value of the whole text.
  public let root: JSON
  let lines: YAMLLines

  /// The line, from 1, of the key or element at a path as `["data", "train", "0"]`.
  public func line(of path: [String]) -> Int? {
    guard !path.isEmpty else { return nil }
    var value = root
    var place = lines
    for step in path {
      let index = value.object?.position(of: step) ?? value.array.flatMap { _ in Int(step) }
      guard let index, place.parts.indices.contains(index) else { return nil }
      place = place.parts[index]
      value = value.object?[step] ?? value[index] ?? .null
    }
    return place.line
  }

  /// The line, from 1, of the key or element at a path as `optimizer.lr` or `files[3].name`.
  public func line(of path: String) -> Int? {
    line(of: path.split { ".[]".contains($0) }.map(String.init))
  }

  /// The fields of the whole text, whose errors name file and line.
  ///
  /// - Throws: ``Failure`` if the text is no table of keys.
  public func fields() throws(Failure) -> Fields {
    try Fields(root, file: file) { line(of: $0) }
  }

  /// The place of a path for an error: `config.yaml, line 12`, or the file alone.
  public func place(of path: String) -> String {
    line(of: path).map { "\(file), line \($0)" } ?? file
  }
}
