/// The fields of a configuration, read one by one, each with its type and range.
///
/// What is left unread in the end is a mistake and is named, with the nearest known key.
public struct Fields {
  private let object: JSONObject
  private let file: String
  private let path: String
  private let line: @Sendable (String) -> Int?
  private var known: Set<String> = []

  /// The fields of `json`.
  ///
  /// - Parameters:
  ///   - file: the name of the file, for error messages.
  ///   - path: the dotted key under which `json` stands, empty at the top.
  ///   - line: the line on which a dotted key stands, if known.
  /// - Throws: ``Failure`` if `json` is no object.
  public init(
    _ json: JSON, file: String, path: String = "",
    line: @escaping @Sendable (String) -> Int? = { _ in nil }
  ) throws {
    self.file = file
    self.path = path
    self.line = line
    if json.isNull {
      object = JSONObject()
    } else if let object = json.object {
      self.object = object
    } else {
      throw Failure(
        "\(file): \(path.isEmpty ? "the content" : path) is no table of keys",
        remedy: "Write 'key: value' lines.")
    }
  }

  /// The keys that are there.
  public var keys: [String] { object.keys }

  /// Whether the key is there and not null.
  public func has(_ key: String) -> Bool { object[key].map { !$0.isNull } ?? false }

  /// A whole number within `range`; without `fallback` the key must be there.
  public mutating func int(
    _ key: String, in range: ClosedRange<Int> = 0...Int.max, default fallback: Int? = nil
  ) throws -> Int {
    try take(key, fallback, "a whole number \(Self.words(range))") { value in
      value.int.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A finite number within `range`.
  public mutating func double(
    _ key: String, in range: ClosedRange<Double> = 0...Double.greatestFiniteMagnitude,
    default fallback: Double? = nil
  ) throws -> Double {
    let words =
      range.upperBound < 1e300
      ? "\(range.lowerBound) to \(range.upperBound)" : ">= \(range.lowerBound)"
    return try take(key, fallback, "a number \(words)") { value in
      value.double.flatMap { range.contains($0) ? $0 : nil }
    }
  }

  /// A text.
  public mutating func string(_ key: String, default fallback: String? = nil) throws -> String {
    try take(key, fallback, "a text") { $0.string }
  }

  /// One of several words.
  public mutating func choice<Choice>(_ key: String, default fallback: Choice? = nil) throws
    -> Choice
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return try take(key, fallback, "one of \(names)") { $0.string.flatMap(Choice.init(rawValue:)) }
  }

  /// true or false.
  public mutating func bool(_ key: String, default fallback: Bool? = nil) throws -> Bool {
    try take(key, fallback, "true or false") { $0.bool }
  }

  /// A list of texts; a single text is a list of one.
  public mutating func strings(_ key: String, default fallback: [String]? = nil) throws -> [String]
  {
    try take(key, fallback, "a list of texts") { value in
      if let text = value.string { return [text] }
      guard let array = value.array else { return nil }
      let texts = array.compactMap(\.string)
      return texts.count == array.count ? texts : nil
    }
  }

  /// Any value, as it is.
  public mutating func json(_ key: String) -> JSON? {
    known.insert(key)
    return object[key]
  }

  /// The table under a key; an empty one if it is absent.
  public mutating func fields(_ key: String) throws -> Fields {
    known.insert(key)
    return try Fields(object[key] ?? .null, file: file, path: dotted(key), line: line)
  }

  /// Refuses keys that nobody asked for.
  public func finish() throws {
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

  private mutating func take<Value>(
    _ key: String, _ fallback: Value?, _ wanted: String, _ read: (JSON) -> Value?
  ) throws -> Value {
    known.insert(key)
    guard let value = object[key], !value.isNull else {
      if let fallback { return fallback }
      throw Failure("\(file): \(dotted(key)) is missing", remedy: "Add it: \(wanted).")
    }
    guard let result = read(value) else {
      let found = Sanitiser.visible(String(value.text().prefix(40)))
      throw wrong(key, "is \(found)", remedy: "Give \(wanted).")
    }
    return result
  }

  private func dotted(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

  private func place(_ key: String) -> String {
    line(dotted(key)).map { "\(file):\($0)" } ?? file
  }

  private static func words(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
  }
}
