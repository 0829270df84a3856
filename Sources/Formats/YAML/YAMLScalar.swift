import Base

/// Types of plain scalars by the core schema of YAML 1.2, section 10.3.2.
enum YAMLScalar {
  private static let prefix = "tag:yaml.org,2002:"

  /// The value of a scalar with its quotes removed.
  static func resolve(_ text: String, plain: Bool, tag: String?) throws(Failure) -> JSON {
    guard let tag else { return plain ? try core(text) : .string(text) }
    if tag == "!" || tag == prefix + "str" { return .string(text) }
    let value = try core(text)
    switch (tag, value) {
    case (prefix + "null", .null), (prefix + "bool", .bool), (prefix + "int", .integer),
      (prefix + "float", .number):
      return value
    case (prefix + "float", .integer(let whole)): return .number(Double(whole))
    default:
      throw Failure(
        "\(Sanitiser.visible(text)) does not fit the tag \(Sanitiser.visible(tag))",
        remedy: "Remove the tag.")
    }
  }

  /// The type that a scalar without quotes has.
  static func core(_ text: String) throws(Failure) -> JSON {
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
    default: return try number(text) ?? .string(text)
    }
  }

  private static func number(_ text: String) throws(Failure) -> JSON? {
    let bytes = Array(text.utf8)
    if text.hasPrefix("0o") || text.hasPrefix("0x") {
      let radix = text.hasPrefix("0o") ? 8 : 16
      let digits = text.dropFirst(2)
      guard !digits.isEmpty, digits.allSatisfy({ isDigit($0, radix) }) else { return nil }
      guard let value = Int64(digits, radix: radix) else { throw outOfRange(text) }
      return .integer(value)
    }
    guard let shape = shape(bytes) else { return nil }
    if shape == .whole, let value = Int64(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else { throw outOfRange(text) }
    return .number(value)
  }

  private static func isDigit(_ character: Character, _ radix: Int) -> Bool {
    guard character.isASCII, let value = character.hexDigitValue else { return false }
    return value < radix
  }

  private static func outOfRange(_ text: String) -> Failure {
    Failure(
      "the number \(text.prefix(40)) is out of range", remedy: "Put it in quotes if it is a text.")
  }

  private enum Shape { case whole, fraction }

  /// Matches `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`.
  private static func shape(_ bytes: [UInt8]) -> Shape? {
    var index = 0
    var shape = Shape.whole
    func digits() -> Int {
      let start = index
      while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
      return index - start
    }
    func take(_ characters: String) -> Bool {
      guard index < bytes.count, characters.utf8.contains(bytes[index]) else { return false }
      index += 1
      return true
    }
    _ = take("+-")
    let before = digits()
    if take(".") {
      shape = .fraction
      if digits() == 0, before == 0 { return nil }
    } else if before == 0 {
      return nil
    }
    if take("eE") {
      shape = .fraction
      _ = take("+-")
      if digits() == 0 { return nil }
    }
    return index == bytes.count ? shape : nil
  }
}
