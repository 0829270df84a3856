import Base
import Formats

/// Typed access to a YAML document, with errors that name file, line and field.
struct Fields {
  let document: YAMLDocument
  private let value: JSON
  private let path: [String]

  init(document: YAMLDocument) {
    self.init(document, document.root, [])
  }

  private init(_ document: YAMLDocument, _ value: JSON, _ path: [String]) {
    self.document = document
    self.value = value
    self.path = path
  }

  func string(_ key: String) throws(Failure) -> String {
    guard let text = value[key]?.string else { throw wrong(key, "a text") }
    return text
  }

  /// A name without folders: manifests must not lead out of theirs.
  func fileName(_ key: String) throws(Failure) -> String {
    let name = try string(key)
    guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
      throw wrong(key, "a file name")
    }
    return name
  }

  func int(_ key: String) throws(Failure) -> Int {
    guard let number = value[key]?.int, number >= 0 else { throw wrong(key, "a whole number") }
    return number
  }

  func optionalInt(_ key: String) -> Int? { value[key]?.int }

  func level(_ key: String) throws(Failure) -> ReleaseLevel {
    guard let text = value[key]?.string, let level = ReleaseLevel(rawValue: text) else {
      throw wrong(key, "one of L1, L2, L3, LX, LZ")
    }
    return level
  }

  func each<Element>(
    _ key: String, _ body: (Fields) throws -> Element
  ) throws -> [Element] {
    guard let elements = value[key]?.array else { throw wrong(key, "a list") }
    var result: [Element] = []
    for (index, element) in elements.enumerated() {
      result.append(try body(Fields(document, element, path + [key, String(index)])))
    }
    return result
  }

  func wrong(_ key: String, _ expected: String) -> Failure {
    let line = document.line(of: path + [key]) ?? document.line(of: path)
    let place = line.map { "\(document.file), line \($0)" } ?? document.file
    let field = (path + [key]).joined(separator: ".")
    return Failure("\(place): \(field) should be \(expected)", remedy: "Mend the file there.")
  }
}
