/// The pieces that a template's source falls into.
struct TemplateToken: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    /// Text that is printed as it is.
    case text(String)
    /// The beginning and end of `{{ … }}`.
    case outputBegin, outputEnd
    /// The beginning and end of `{% … %}`.
    case blockBegin, blockEnd
    case name(String)
    case string(String)
    case integer(Int)
    case number(Double)
    case symbol(String)
    case end
  }

  var kind: Kind
  var line: Int
}

/// Cuts a template's source into tokens, as Jinja does with `trim_blocks` and `lstrip_blocks`, which
/// is how transformers reads chat templates.
struct TemplateLexer {
  private let source: [UInt8]
  private var at = 0
  private var line = 1
  private var tokens: [TemplateToken] = []

  /// The longest template that is read, in bytes.
  static let limit = 1 << 20

  private init(_ source: String) {
    var bytes = Array(source.utf8)
    // One line break at the end does not count.
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    self.source = bytes
  }

  /// The tokens of `source`, ended by `.end`.
  static func tokens(_ source: String) throws(TemplateError) -> [TemplateToken] {
    guard source.utf8.count <= limit else {
      throw TemplateError(line: 1, reason: "is longer than \(limit) bytes")
    }
    var lexer = TemplateLexer(source)
    try lexer.run()
    return lexer.tokens
  }

  private mutating func run() throws(TemplateError) {
    var trimsStart = false  // whether a "-" before asks for white space to be dropped
    var dropsBreak = false  // whether a block's end eats the line break after it
    while at < source.count {
      let start = at
      while at < source.count, !isOpening(at) { at += 1 }
      var text = Array(source[start..<at])
      if trimsStart {
        text = Array(text.drop(while: Self.isSpace))
      } else if dropsBreak, text.first == UInt8(ascii: "\n") {
        text.removeFirst()
      }
      trimsStart = false
      dropsBreak = false
      let isBlock = at < source.count && source[at + 1] != UInt8(ascii: "{")
      let sign = at + 2 < source.count ? source[at + 2] : 0
      if at < source.count {
        if sign == UInt8(ascii: "-") {
          while let last = text.last, Self.isSpace(last) { text.removeLast() }
        } else if isBlock, sign != UInt8(ascii: "+") {
          stripIndentation(&text, isFirst: start == 0)
        }
      }
      if !text.isEmpty { add(.text(String(decoding: text, as: UTF8.self))) }
      countLines(start..<at)
      guard at < source.count else { break }
      let opening = source[at + 1]
      at += sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") && isBlock ? 3 : 2
      switch opening {
      case UInt8(ascii: "#"):
        trimsStart = try comment()
        dropsBreak = true
      case UInt8(ascii: "%"):
        add(.blockBegin)
        trimsStart = try code(until: UInt8(ascii: "%"))
        add(.blockEnd)
        dropsBreak = !endedInPlus
      default:
        add(.outputBegin)
        trimsStart = try code(until: UInt8(ascii: "}"))
        add(.outputEnd)
      }
    }
    add(.end)
  }

  private var endedInPlus = false

  private func isOpening(_ place: Int) -> Bool {
    guard source[place] == UInt8(ascii: "{"), place + 1 < source.count else { return false }
    let next = source[place + 1]
    return next == UInt8(ascii: "{") || next == UInt8(ascii: "%") || next == UInt8(ascii: "#")
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }

  /// Takes the blanks off the end of `text`, if only they stand between a line's beginning and the
  /// block.
  private func stripIndentation(_ text: inout [UInt8], isFirst: Bool) {
    let kept = text.lastIndex { $0 != 0x20 && $0 != 0x09 }
    if let kept {
      if text[kept] == UInt8(ascii: "\n") { text.removeSubrange((kept + 1)...) }
    } else if isFirst || followsBreak(text) {
      text = []
    }
  }

  /// Whether `text`, which is blank, follows a line break that was dropped or printed.
  private func followsBreak(_ text: [UInt8]) -> Bool {
    let before = at - text.count - 1
    return before < 0 || source[before] == UInt8(ascii: "\n")
  }

  private mutating func countLines(_ range: Range<Int>) {
    for byte in source[range] where byte == UInt8(ascii: "\n") { line += 1 }
  }

  private mutating func add(_ kind: TemplateToken.Kind) {
    tokens.append(TemplateToken(kind: kind, line: line))
  }

  private func failure(_ reason: String) -> TemplateError {
    TemplateError(line: line, reason: reason)
  }

  /// Skips a comment; returns whether white space after it is dropped.
  private mutating func comment() throws(TemplateError) -> Bool {
    let start = at
    while at + 1 < source.count {
      if source[at] == UInt8(ascii: "#"), source[at + 1] == UInt8(ascii: "}") {
        let trims = at > start && source[at - 1] == UInt8(ascii: "-")
        countLines(start..<at)
        at += 2
        return trims
      }
      at += 1
    }
    throw failure("has a comment that does not end")
  }

  /// Reads an expression's tokens up to `end` and `}`; returns whether white space after is dropped.
  private mutating func code(until end: UInt8) throws(TemplateError) -> Bool {
    endedInPlus = false
    var depth = 0  // of braces, so that {{ {"a": {}} }} ends where it should
    while at < source.count {
      let byte = source[at]
      let next = at + 1 < source.count ? source[at + 1] : 0
      let afterNext = at + 2 < source.count ? source[at + 2] : 0
      if Self.isSpace(byte) {
        if byte == UInt8(ascii: "\n") { line += 1 }
        at += 1
      } else if depth == 0, byte == end, next == UInt8(ascii: "}") {
        at += 2
        return false
      } else if depth == 0, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"), next == end,
        afterNext == UInt8(ascii: "}")
      {
        at += 3
        endedInPlus = byte == UInt8(ascii: "+")
        return byte == UInt8(ascii: "-")
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        try string(quote: byte)
      } else if (0x30...0x39).contains(byte) {
        try number()
      } else if Self.beginsName(byte) {
        let start = at
        while at < source.count, Self.beginsName(source[at]) || (0x30...0x39).contains(source[at]) {
          at += 1
        }
        add(.name(String(decoding: source[start..<at], as: UTF8.self)))
      } else {
        if byte == UInt8(ascii: "{") { depth += 1 }
        if byte == UInt8(ascii: "}") { depth -= 1 }
        try symbol(byte, next)
      }
    }
    throw failure("has a tag that does not end")
  }

  private static func beginsName(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
      || byte >= 0x80
  }

  private mutating func symbol(_ byte: UInt8, _ next: UInt8) throws(TemplateError) {
    let two = String(decoding: [byte, next], as: UTF8.self)
    if ["==", "!=", "<=", ">=", "//", "**"].contains(two) {
      add(.symbol(two))
      at += 2
    } else if "+-*/%~<>=()[]{},:.|".utf8.contains(byte) {
      add(.symbol(String(decoding: [byte], as: UTF8.self)))
      at += 1
    } else {
      throw failure("has a character \"\(two)\" that means nothing")
    }
  }

  private mutating func string(quote: UInt8) throws(TemplateError) {
    var bytes: [UInt8] = []
    at += 1
    while at < source.count, source[at] != quote {
      var byte = source[at]
      if byte == UInt8(ascii: "\n") { line += 1 }
      if byte == UInt8(ascii: "\\"), at + 1 < source.count {
        at += 1
        switch source[at] {
        case UInt8(ascii: "n"): byte = 0x0a
        case UInt8(ascii: "t"): byte = 0x09
        case UInt8(ascii: "r"): byte = 0x0d
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): byte = source[at]
        case UInt8(ascii: "u"):
          let digits = String(decoding: source[at...].dropFirst().prefix(4), as: UTF8.self)
          guard digits.utf8.count == 4, let code = UInt32(digits, radix: 16),
            let scalar = Unicode.Scalar(code)
          else { throw failure("has a \\u that names no character") }
          bytes += Array(String(Character(scalar)).utf8)
          at += 5
          continue
        default: bytes.append(byte); byte = source[at]
        }
      }
      bytes.append(byte)
      at += 1
    }
    guard at < source.count else { throw failure("has a string that does not end") }
    at += 1
    add(.string(String(decoding: bytes, as: UTF8.self)))
  }

  private mutating func number() throws(TemplateError) {
    let start = at
    func isDigit(_ place: Int) -> Bool {
      place < source.count && (0x30...0x39).contains(source[place])
    }
    while isDigit(at) { at += 1 }
    var isWhole = true
    if at < source.count, source[at] == UInt8(ascii: "."), isDigit(at + 1) {
      isWhole = false
      at += 1
      while isDigit(at) { at += 1 }
    }
    let text = String(decoding: source[start..<at], as: UTF8.self)
    if isWhole, let value = Int(text) {
      add(.integer(value))
    } else if !isWhole, let value = Double(text) {
      add(.number(value))
    } else {
      throw failure("has a number \(text) that is too large")
    }
  }
}
