extension JSONParser {
  // MARK: Numbers

  mutating func number() throws(JSONError) -> JSON {
    let start = position
    let isNegative = take("-")
    var mantissa: UInt64 = 0
    var significant = 0
    if !take("0"), try digits(&mantissa, &significant) == 0 { throw error("no value") }
    var isWhole = true
    var exponent = 0
    if take(".") {
      isWhole = false
      let count = try digits(&mantissa, &significant)
      guard count > 0 else { throw error("expected a digit after the point") }
      exponent = -count
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      isWhole = false
      let isDown = take("-")
      if !isDown { _ = take("+") }
      var power: UInt64 = 0
      var powerDigits = 0
      guard try digits(&power, &powerDigits) > 0 else {
        throw error("expected a digit in the exponent")
      }
      // Beyond this the slow way decides between zero and out of range.
      exponent = powerDigits > 6 ? 1 << 20 : exponent + (isDown ? -Int(power) : Int(power))
    }
    if isWhole, significant <= 18 {
      return .integer(isNegative ? -Int64(mantissa) : Int64(mantissa))
    }
    // A mantissa below 2⁵³ and a power of ten that is exact as a Double give, with one rounding, the
    // nearest Double (Clinger, "How to read floating point numbers accurately", PLDI 1990).
    if !isWhole, significant <= 18, mantissa < 1 << 53, abs(exponent) <= 22 {
      let magnitude =
        exponent < 0
        ? Double(mantissa) / Self.powersOfTen[-exponent]
        : Double(mantissa) * Self.powersOfTen[exponent]
      return .number(isNegative ? -magnitude : magnitude)
    }
    return try slowNumber(from: start, isWhole: isWhole)
  }

  /// Any number, by way of a string.
  private func slowNumber(from start: Int, isWhole: Bool) throws(JSONError) -> JSON {
    var text = ""
    for index in start..<position { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
    if isWhole, let value = Int64(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw JSONError(offset: start, reason: "the number is out of range")
    }
    return .number(value)
  }

  /// Takes digits, and counts from the first that is not 0 how many there are.
  ///
  /// - Returns: how many were taken. `value` is right as long as `significant` is at most 18.
  private mutating func digits(
    _ value: inout UInt64, _ significant: inout Int
  ) throws(JSONError) -> Int {
    let start = position
    while position < bytes.count {
      let digit = bytes[position] &- 0x30
      guard digit <= 9 else { break }
      value = value &* 10 &+ UInt64(digit)
      if significant > 0 || digit > 0 { significant += 1 }
      position += 1
    }
    guard position - start <= 4096 else { throw error("a number of over 4,096 digits") }
    return position - start
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  // MARK: Strings

  /// A string; one without escapes is copied in one piece.
  mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    skipPlain()
    if current == UInt8(ascii: "\"") {
      defer { position += 1 }
      return try text(start..<position)
    }
    return try escapedString(from: start)
  }

  /// The rest of a string of which the bytes from `start` on are plain so far.
  private mutating func escapedString(from start: Int) throws(JSONError) -> String {
    var content = try text(start..<position)
    while true {
      switch current {
      case UInt8(ascii: "\""):
        position += 1
        return content
      case UInt8(ascii: "\\"): content.unicodeScalars.append(try escape())
      case _ where isAtEnd: throw error("the string does not end")
      default: throw error("a raw control character in a string")
      }
      let run = position
      skipPlain()
      if position > run { content += try text(run..<position) }
    }
  }

  /// Goes on to the next quote, backslash or control character.
  private mutating func skipPlain() {
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { return }
      position += 1
    }
  }

  private func text(_ range: Range<Int>) throws(JSONError) -> String {
    do {
      return String(copying: try UTF8Span(validating: bytes.extracting(range)))
    } catch {
      throw JSONError(
        offset: range.lowerBound + error.byteOffsets.lowerBound, reason: "invalid UTF-8")
    }
  }

  /// One escape sequence; a surrogate without its partner becomes U+FFFD.
  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    position += 1
    guard !isAtEnd else { throw error("the string does not end") }
    let byte = bytes[position]
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
    guard first & 0xFC00 == 0xD800 else { return Unicode.Scalar(first) ?? loneSurrogate() }
    let afterFirst = position
    if take("\\"), take("u") {
      let second = try hexadecimalUnit()
      if second & 0xFC00 == 0xDC00 {
        return Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF) ?? "\u{FFFD}"
      }
    }
    position = afterFirst
    return loneSurrogate()
  }

  private mutating func loneSurrogate() -> Unicode.Scalar {
    loneSurrogates += 1
    return "\u{FFFD}"
  }

  private mutating func hexadecimalUnit() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch current {
      case let byte where byte >= 0x30 && byte <= 0x39: digit = byte - 0x30
      case let byte where byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66: digit = (byte | 0x20) - 0x57
      default: throw error("expected four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
