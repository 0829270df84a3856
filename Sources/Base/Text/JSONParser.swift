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
    var ignored = 0
    return try parse(bytes, loneSurrogates: &ignored)
  }

  /// Parses UTF-8 text strictly, and adds up the escapes that were half of a surrogate pair, as `\ud83d` alone:
  /// they became U+FFFD.
  public static func parse(
    _ bytes: Span<UInt8>, loneSurrogates: inout Int
  ) throws(JSONError) -> JSON {
    var parser = JSONParser(bytes)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.isAtEnd else { throw parser.error("text after the value") }
    loneSurrogates += parser.loneSurrogates
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
///
/// Elements and members gather on two stacks that all levels share, and leave them in arrays of just
/// their size: deep nests of tiny arrays would otherwise pay for room that is never used.
struct JSONParser: ~Escapable {
  let bytes: Span<UInt8>
  var position = 0
  var loneSurrogates = 0
  private var elements: [JSON] = []
  private var members: [(key: String, value: JSON)] = []

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  func error(_ reason: String) -> JSONError { JSONError(offset: position, reason: reason) }

  var isAtEnd: Bool { position >= bytes.count }

  /// The byte at the position; 0, which no JSON text holds outside of errors, at the end.
  var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  mutating func value(depth: Int) throws(JSONError) -> JSON {
    guard depth <= JSON.depthLimit else { throw error("nesting deeper than \(JSON.depthLimit)") }
    skipSpace()
    switch current {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case _ where isAtEnd: throw error("the text ends where a value should be")
    default: return try number()
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    let start = position
    for byte in String(describing: text).utf8 {
      guard current == byte else {
        throw JSONError(offset: start, reason: "no value: expected \(text)")
      }
      position += 1
    }
    return value
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSON {
    position += 1
    skipSpace()
    if take("]") { return .array([]) }
    let start = elements.count
    while true {
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if take(",") { continue }
      guard take("]") else { throw error("expected ',' or ']'") }
      let own = Array(elements[start...])
      elements.removeLast(own.count)
      return .array(own)
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSON {
    position += 1
    skipSpace()
    if take("}") { return .object(JSONObject()) }
    let start = members.count
    let place = position
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw error("expected a key in quotes") }
      let key = try string()
      skipSpace()
      guard take(":") else { throw error("expected ':'") }
      let value = try value(depth: depth + 1)
      members.append((key, value))
      skipSpace()
      if take(",") { continue }
      guard take("}") else { throw error("expected ',' or '}'") }
      let own = Array(members[start...])
      members.removeLast(own.count)
      switch JSONObject.unique(own) {
      case .object(let object): return .object(object)
      case .duplicate(let key):
        throw JSONError(
          offset: place, reason: "the key \"\(Sanitiser.visible(key))\" occurs twice in one object")
      }
    }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }
}
