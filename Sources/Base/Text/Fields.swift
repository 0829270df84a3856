/// The fields of a table in a file, read one by one, each with its type and range.
///
/// What is left unread in the end is a mistake and is named, with the nearest known key. A missing
/// field is looked for among what is left as well.
public struct Fields {
  private let object: JSONObject
  /// The name of the file, for error messages.
  public let file: String
  private let path: String
  private let placeOfKey: @Sendable (String) -> String?
  private var known: Set<String> = []

  /// The fields of `json`.
  ///
  /// - Parameters:
  ///   - file: the name of the file, for error messages.
  ///   - path: the dotted key under which `json` stands, empty at the top.
  ///   - line: the line on which a key stands, if known; it is asked for keys such as `data.path` and
  ///     `files[3].name`.
  /// - Throws: ``Failure`` if `json` is no object.
  public init(
    _ json: JSON, file: String, path: String = "",
    line: @escaping @Sendable (String) -> Int? = { _ in nil }
  ) throws(Failure) {
    try self.init(json, file: file, path: path) { key in line(key).map { "\(file):\($0)" } }
  }

  /// The fields of `json`, whose values may come from several places.
  ///
  /// - Parameter place: where a key was given its value, if known, for error messages: `FILE:LINE`, for one.
  public init(
    _ json: JSON, file: String, path: String = "",
    place: @escaping @Sendable (String) -> String?
  ) throws(Failure) {
    self.file = file
    self.path = path
    placeOfKey = place
    if json.isNull {
      object = JSONObject()
    } else if let object = json.object {
      self.object = object
    } else {
      throw Failure(
        "\(file): \(path.isEmpty ? "the content" : path) is no table of keys",
        remedy: "Write keys with values there.")
    }
  }

  /// The fields of a JSON file's bytes.
  ///
  /// - Throws: ``Failure`` if they are no JSON object.
  public init(parsing bytes: [UInt8], file: String) throws(Failure) {
    let json: JSON
    do { json = try JSON.parse(bytes) } catch {
      throw Failure("\(file): \(error.problem)", remedy: error.remedy)
    }
    try self.init(json, file: file)
  }

  /// The keys that are there.
  public var keys: [String] { object.keys }

  /// Whether the key is there and not null.
  public func has(_ key: String) -> Bool { object[key].map { !$0.isNull } ?? false }

  /// Refuses keys that nobody asked for.
  public func finish() throws(Failure) {
    for key in object.keys where !known.contains(key) {
      let nearest = nearest(to: key, among: known.sorted())
      let remedy = nearest.map { "Did you mean '\(dotted($0))'?" }
      throw Failure(
        "\(place(key)): unknown key '\(Sanitiser.visible(dotted(key)))'",
        remedy: remedy ?? "Known here: \(known.sorted().joined(separator: ", ")).")
    }
  }

  /// The error of a key whose value does not fit.
  public func wrong(_ key: String, _ problem: String, remedy: String) -> Failure {
    Failure("\(place(key)): \(dotted(key)) \(problem)", remedy: remedy)
  }

  /// The value of a key, which counts as read, if it is there and not null.
  mutating func value(_ key: String) -> JSON? {
    known.insert(key)
    guard let value = object[key], !value.isNull else { return nil }
    return value
  }

  /// What `read` makes of the value of a key, if it is there.
  ///
  /// - Throws: ``Failure`` saying that it is not `wanted`, if `read` makes nothing of it.
  mutating func take<Value>(
    _ key: String, _ wanted: String, _ read: (JSON) -> Value?
  ) throws(Failure) -> Value? {
    guard let value = value(key) else { return nil }
    guard let result = read(value) else {
      let found = Sanitiser.visible(String(value.text().prefix(40)))
      throw wrong(key, "is \(found)", remedy: "Give \(wanted).")
    }
    return result
  }

  /// What `read` makes of the value of a key, or `fallback` if it is not there.
  ///
  /// - Throws: ``Failure`` if neither is there.
  mutating func take<Value>(
    _ key: String, or fallback: Value?, _ wanted: String, _ read: (JSON) -> Value?
  ) throws(Failure) -> Value {
    if let value = try take(key, wanted, read) ?? fallback { return value }
    throw missing(key, wanted)
  }

  /// The error of a key that must be there.
  func missing(_ key: String, _ wanted: String) -> Failure {
    let left = object.keys.filter { !known.contains($0) }
    let hint = nearest(to: key, among: left).map {
      "Did you mean it by '\(Sanitiser.visible($0))'?"
    }
    let place = placeOfKey(path) ?? file
    return Failure("\(place): \(dotted(key)) is missing", remedy: hint ?? "Add it: \(wanted).")
  }

  /// The fields of a value that stands under a key of these.
  func inner(_ json: JSON, _ key: String) throws(Failure) -> Fields {
    try Fields(json, file: file, path: dotted(key), place: placeOfKey)
  }

  private func dotted(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

  private func place(_ key: String) -> String { placeOfKey(dotted(key)) ?? file }
}
