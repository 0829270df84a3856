extension JSON {
  /// The value as JSON text: on one line, or indented by two spaces a level.
  ///
  /// Control characters, DEL, C1 controls and the line and bidi controls of Unicode are escaped, so
  /// that the text is safe to print. NaN and infinities become null.
  public func text(pretty: Bool = false) -> String {
    String(decoding: bytes(pretty: pretty), as: UTF8.self)
  }

  /// The same text as bytes of UTF-8, as files take it.
  public func bytes(pretty: Bool = false) -> [UInt8] {
    var writer = JSONWriter(pretty: pretty)
    writer.write(self, depth: 0)
    return writer.bytes
  }
}

/// Writes JSON values as bytes of UTF-8.
private struct JSONWriter {
  let pretty: Bool
  private(set) var bytes: [UInt8] = []

  init(pretty: Bool) { self.pretty = pretty }

  mutating func write(_ value: JSON, depth: Int) {
    switch value {
    case .null: put("null")
    case .bool(let value): put(value ? "true" : "false")
    case .integer(let value): put(value.description)
    case .number(let value): put(value.isFinite ? value.description : "null")
    case .string(let value): write(value)
    case .array(let elements):
      put("[")
      for (index, element) in elements.enumerated() {
        separate(index, depth)
        write(element, depth: depth + 1)
      }
      close("]", isEmpty: elements.isEmpty, depth)
    case .object(let object):
      put("{")
      for (index, member) in object.members.enumerated() {
        separate(index, depth)
        write(member.key)
        put(pretty ? ": " : ":")
        write(member.value, depth: depth + 1)
      }
      close("}", isEmpty: object.isEmpty, depth)
    }
  }

  /// What stands before the element `index` of a list at `depth`.
  private mutating func separate(_ index: Int, _ depth: Int) {
    if index > 0 { put(",") }
    if pretty { startLine(depth + 1) }
  }

  private mutating func close(_ bracket: String, isEmpty: Bool, _ depth: Int) {
    if pretty, !isEmpty { startLine(depth) }
    put(bracket)
  }

  private mutating func startLine(_ depth: Int) {
    put("\n")
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * depth))
  }

  /// A string in quotes; the runs between characters that need an escape are copied in one piece.
  private mutating func write(_ text: String) {
    put("\"")
    let span = text.utf8.span
    var run = 0
    var index = 0
    while index < span.count {
      let byte = span[index]
      if !Sanitiser.mayHide(from: byte), byte != 0x22, byte != 0x5C {
        index += 1
        continue
      }
      let (scalar, width) = span.scalar(at: index)
      if scalar == "\"" || scalar == "\\" || Sanitiser.isHidden(scalar) {
        put(text, run..<index)
        escape(scalar)
        run = index + width
      }
      index += width
    }
    put(text, run..<span.count)
    put("\"")
  }

  private mutating func escape(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": put("\\\"")
    case "\\": put("\\\\")
    case "\n": put("\\n")
    case "\r": put("\\r")
    case "\t": put("\\t")
    default:
      // Beyond the first plane: a pair of surrogates.
      for unit in String(scalar).utf16 { escape(unit) }
    }
  }

  private mutating func escape(_ unit: UInt16) {
    let digits = String(unit, radix: 16)
    put("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Some bytes of `text`, which begin and end between two characters.
  private mutating func put(_ text: String, _ range: Range<Int>) {
    let utf8 = text.utf8
    let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
    let end = utf8.index(start, offsetBy: range.count)
    bytes.append(contentsOf: utf8[start..<end])
  }
}
