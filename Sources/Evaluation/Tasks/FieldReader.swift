import Base

/// A place in a JSON file that can say where it is: `tasks/jnli.json: samples[3].output`.
struct FieldReader {
  let file: String
  /// The way to here from the top; empty at the top.
  let field: String
  let value: JSON

  init(file: String, field: String = "", value: JSON) {
    self.file = file
    self.field = field
    self.value = value
  }

  /// A failure at this place.
  func failure(_ what: String, remedy: String) -> Failure {
    Failure("\(file): \(field.isEmpty ? "the file" : field) \(what)", remedy: remedy)
  }

  /// The member `key`, which must be there.
  func member(_ key: String) throws(Failure) -> FieldReader {
    guard let object = value.object else {
      throw failure("is no object", remedy: "Make it a JSON object.")
    }
    guard let value = object[key] else {
      let close = nearest(to: key, among: object.keys).map { " (\"\($0)\" is there)" } ?? ""
      throw failure("has no \"\(key)\"\(close)", remedy: "Add \"\(key)\".")
    }
    return FieldReader(file: file, field: field.isEmpty ? key : "\(field).\(key)", value: value)
  }

  /// The member `key`, if it is there and not null.
  func optional(_ key: String) throws(Failure) -> FieldReader? {
    guard let found = value[key], !found.isNull else { return nil }
    return try member(key)
  }

  /// Refuses members that nobody reads.
  func allowOnly(_ keys: [String]) throws(Failure) {
    for key in value.object?.keys ?? [] where !keys.contains(key) {
      let close = nearest(to: key, among: keys).map { "Write \"\($0)\" or remove it." }
      throw failure("has an unknown key \"\(key)\"", remedy: close ?? "Remove it.")
    }
  }

  /// The text here, of at most 1 MiB.
  func string(allowEmpty: Bool = true) throws(Failure) -> String {
    guard let text = value.string else {
      throw failure("is no string", remedy: "Make it a string.")
    }
    guard allowEmpty || !text.isEmpty else {
      throw failure("is empty", remedy: "Give it a text.")
    }
    guard text.utf8.count <= 1 << 20 else {
      throw failure("is longer than 1 MiB", remedy: "Shorten it.")
    }
    return text
  }

  /// The whole number here.
  func int(in range: ClosedRange<Int>) throws(Failure) -> Int {
    guard let number = value.int, range.contains(number) else {
      throw failure(
        "is no whole number from \(range.lowerBound) to \(range.upperBound)",
        remedy: "Give such a number.")
    }
    return number
  }

  /// The elements here.
  func elements(allowEmpty: Bool = true) throws(Failure) -> [FieldReader] {
    guard let array = value.array else { throw failure("is no array", remedy: "Make it an array.") }
    guard allowEmpty || !array.isEmpty else {
      throw failure("is empty", remedy: "Give it an element.")
    }
    return array.enumerated().map {
      FieldReader(file: file, field: "\(field)[\($0.offset)]", value: $0.element)
    }
  }
}
