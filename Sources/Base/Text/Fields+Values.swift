/// The types a field can have. Each is read in two ways: one that must be there unless there is a
/// default, and one that may be missing.
extension Fields {
  /// A whole number within `range`; without `fallback` the key must be there.
  public mutating func int(
    _ key: String, in range: ClosedRange<Int> = 0...Int.max, default fallback: Int? = nil
  ) throws(Failure) -> Int {
    try take(key, or: fallback, Self.words(range)) { Self.int($0, in: range) }
  }

  /// A whole number within `range`, if there is one.
  public mutating func optionalInt(
    _ key: String, in range: ClosedRange<Int> = 0...Int.max
  ) throws(Failure) -> Int? {
    try take(key, Self.words(range)) { Self.int($0, in: range) }
  }

  /// A finite number within `range`.
  public mutating func double(
    _ key: String, in range: ClosedRange<Double> = 0...Double.greatestFiniteMagnitude,
    default fallback: Double? = nil
  ) throws(Failure) -> Double {
    try take(key, or: fallback, Self.words(range)) { Self.double($0, in: range) }
  }

  /// A finite number within `range`, if there is one.
  public mutating func optionalDouble(
    _ key: String, in range: ClosedRange<Double> = 0...Double.greatestFiniteMagnitude
  ) throws(Failure) -> Double? {
    try take(key, Self.words(range)) { Self.double($0, in: range) }
  }

  /// A text.
  public mutating func string(_ key: String, default fallback: String? = nil) throws(Failure)
    -> String
  {
    try take(key, or: fallback, "a text") { $0.string }
  }

  /// A text, if there is one.
  public mutating func optionalString(_ key: String) throws(Failure) -> String? {
    try take(key, "a text") { $0.string }
  }

  /// A text that is not empty.
  public mutating func nonEmptyString(_ key: String, default fallback: String? = nil)
    throws(Failure)
    -> String
  {
    try take(key, or: fallback, "a text that is not empty") { value in
      value.string.flatMap { $0.isEmpty ? nil : $0 }
    }
  }

  /// The name of a file beside this one: no way out of the folder.
  public mutating func fileName(_ key: String) throws(Failure) -> String {
    try take(key, or: nil, "the name of a file of this folder") { value in
      guard let text = value.string else { return nil }
      let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      return parts.allSatisfy { Name.isFile(String(Substring($0))) } ? text : nil
    }
  }

  /// One of several words.
  public mutating func choice<Choice>(_ key: String, default fallback: Choice? = nil)
    throws(Failure) -> Choice
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    try take(key, or: fallback, Self.words(Choice.self)) { Self.choice($0) }
  }

  /// One of several words, if there is one.
  public mutating func optionalChoice<Choice>(
    _ key: String, of type: Choice.Type = Choice.self
  ) throws(Failure) -> Choice?
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    try take(key, Self.words(type)) { Self.choice($0) }
  }

  /// true or false.
  public mutating func bool(_ key: String, default fallback: Bool? = nil) throws(Failure) -> Bool {
    try take(key, or: fallback, "true or false") { $0.bool }
  }

  /// A list of texts; a single text is a list of one.
  public mutating func strings(_ key: String, default fallback: [String]? = nil) throws(Failure)
    -> [String]
  {
    try take(key, or: fallback, "a list of texts") { Self.strings($0) }
  }

  /// A list of texts, if there is one; a single text is a list of one.
  public mutating func optionalStrings(_ key: String) throws(Failure) -> [String]? {
    try take(key, "a list of texts") { Self.strings($0) }
  }

  /// Any value, as it is.
  public mutating func json(_ key: String) -> JSON? { value(key) }

  /// The table under a key; an empty one if it is absent.
  public mutating func fields(_ key: String) throws(Failure) -> Fields {
    try inner(value(key) ?? .null, key)
  }

  /// What `read` makes of each table in the list under a key.
  public mutating func each<Element>(
    _ key: String, _ read: (inout Fields) throws(Failure) -> Element
  ) throws(Failure) -> [Element] {
    let list = try take(key, or: nil, "a list of tables") { $0.array }
    var result: [Element] = []
    result.reserveCapacity(list.count)
    for (index, element) in list.enumerated() {
      var fields = try inner(element, "\(key)[\(index)]")
      result.append(try read(&fields))
    }
    return result
  }

  private static func int(_ value: JSON, in range: ClosedRange<Int>) -> Int? {
    value.int.flatMap { range.contains($0) ? $0 : nil }
  }

  private static func double(_ value: JSON, in range: ClosedRange<Double>) -> Double? {
    value.double.flatMap { range.contains($0) ? $0 : nil }
  }

  private static func choice<Choice: RawRepresentable<String>>(_ value: JSON) -> Choice? {
    value.string.flatMap(Choice.init(rawValue:))
  }

  private static func strings(_ value: JSON) -> [String]? {
    if let text = value.string { return [text] }
    guard let array = value.array else { return nil }
    let texts = array.compactMap(\.string)
    return texts.count == array.count ? texts : nil
  }

  private static func words(_ range: ClosedRange<Int>) -> String {
    if range.upperBound == .max {
      return range.lowerBound == .min
        ? "a whole number" : "a whole number of at least \(range.lowerBound)"
    }
    return "a whole number from \(range.lowerBound) to \(range.upperBound)"
  }

  private static func words(_ range: ClosedRange<Double>) -> String {
    if range.upperBound >= 1e300 {
      return range.lowerBound <= -1e300 ? "a number" : "a number >= \(range.lowerBound)"
    }
    return "a number \(range.lowerBound) to \(range.upperBound)"
  }

  private static func words<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type)
    -> String
  {
    "one of \(type.allCases.map(\.rawValue).joined(separator: ", "))"
  }
}
