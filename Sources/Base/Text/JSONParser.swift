/// A text that is no JSON.
public struct JSONError: Diagnosis, Equatable {
  /// The byte of the text at which it goes wrong, from 0.
  public let offset: Int
  /// What is wrong there.
  public let reason: String

  public var problem: String { "invalid JSON at byte \(offset): \(reason)" }
  public var remedy: String { "Mend the text there." }
}

extension JSON {
  /// The deepest nesting that the parser takes.
  public static let depthLimit = 256

  /// Parses UTF-8 text strictly: one value, no duplicate keys, no invalid UTF-8, nothing after it.
  ///
  /// The tree takes at most 40 times the memory of the text.
  /// - Throws: ``JSONError``. Nothing in the text makes it trap.
  public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSON {
    try parse(bytes.span)
  }

  /// Parses UTF-8 text strictly.
  public static func parse(_ bytes: Span<UInt8>) throws(JSONError) -> JSON {
    var parser = JSONParser(bytes)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.error("text after the value") }
    return value
  }

  /// Parses a text strictly.
  public static func parse(_ text: String) throws(JSONError) -> JSON {
    try parse(Array(text.utf8))
  }

  /// Reads and parses a file.
  ///
  /// - Throws: ``Failure`` naming the file.
  public static func read(_ path: Path, limit: Int = 1 << 30) throws -> JSON {
    let bytes = try Files.read(path, limit: limit)
    do { return try parse(bytes) } catch {
      throw Failure("\(path): \(error.problem)", remedy: error.remedy)
    }
  }
}

/// A recursive descent over the bytes.
private struct JSONParser: ~Escapable {
  private let bytes: Span<UInt8>
  private(set) var position = 0

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  func error(_ reason: String) -> JSONError { JSONError(offset: position, reason: reason) }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  mutating func value(depth: Int) throws(JSONError) -> JSON {
    guard depth <= JSON.depthLimit else { throw error("nesting deeper than \(JSON.depthLimit)") }
    skipSpace()
    switch current {
    case nil: throw error("the text ends where a value should be")
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ text: String, _ value: JSON) throws(JSONError) -> JSON {
    for byte in text.utf8 {
      guard current == byte else { throw error("no value: expected \(text)") }
      position += 1
    }
    return value
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    position += 1
    var elements: [JSON] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw error("expected ',' or ']'") }
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    position += 1
    var members: [(key: String, value: JSON)] = []
    var seen: Set<String> = []
    skipSpace()
    if take("}") { return .object(JSONObject()) }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw error("expected a key in quotes") }
      let start = position
      let key = try string()
      guard seen.insert(key).inserted else {
        throw JSONError(offset: start, reason: "the key \(Sanitiser.visible(key)) occurs twice")
      }
      skipSpace()
      guard take(":") else { throw error("expected ':'") }
      members.append((key, try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(JSONObject(unique: members)) }
      guard take(",") else { throw error("expected ',' or '}'") }
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard current == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = position
    _ = take("-")
    if take("0") {} else if try digits() == 0 { throw error("no value") }
    var whole = true
    if take(".") {
      whole = false
      guard try digits() > 0 else { throw error("expected a digit after the point") }
    }
    if take("e") || take("E") {
      whole = false
      if !take("+") { _ = take("-") }
      guard try digits() > 0 else { throw error("expected a digit in the exponent") }
    }
    var text = ""
    for index in start..<position { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
    if whole, let value = Int64(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw JSONError(offset: start, reason: "the number is out of range")
    }
    return .number(value)
  }

  private mutating func digits() throws(JSONError) -> Int {
    let start = position
    while let byte = current, byte >= 0x30, byte <= 0x39 { position += 1 }
    guard position - start <= 4096 else { throw error("a number of over 4,096 digits") }
    return position - start
  }

  private mutating func string() throws(JSONError) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while true {
      let runStart = position
      while let byte = current, byte != 0x22, byte != 0x5C, byte >= 0x20 { position += 1 }
      for index in runStart..<position { content.append(bytes[index]) }
      switch current {
      case 0x22:
        position += 1
        guard let text = String(validating: content, as: UTF8.self) else {
          throw JSONError(offset: start, reason: "the string is not valid UTF-8")
        }
        return text
      case 0x5C: content += Array(UTF8.encode(try escape())!)
      case nil: throw error("the string does not end")
      default: throw error("a raw control character in a string")
      }
    }
  }

  /// One escape sequence; a surrogate without its partner becomes U+FFFD.
  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    position += 1
    guard let byte = current else { throw error("the string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "u"): break
    default: throw error("an unknown escape")
    }
    let first = try hexadecimalUnit()
    guard first & 0xFC00 == 0xD800 else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
    let afterFirst = position
    if take("\\"), take("u") {
      let second = try hexadecimalUnit()
      if second & 0xFC00 == 0xDC00 {
        return Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF) ?? "\u{FFFD}"
      }
    }
    position = afterFirst
    return "\u{FFFD}"
  }

  private mutating func hexadecimalUnit() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
