extension JSON {
  /// The value as JSON text: on one line, or indented by two spaces a level.
  ///
  /// Control characters, DEL, C1 controls and the line and bidi controls of Unicode are escaped, so
  /// that the text is safe to print. NaN and infinities become null.
  public func text(pretty: Bool = false) -> String {
    var writer = JSONWriter(pretty: pretty)
    writer.write(self, depth: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

/// Writes JSON values as bytes of UTF-8.
private struct JSONWriter {
  let pretty: Bool
  var bytes: [UInt8] = []

  init(pretty: Bool) { self.pretty = pretty }

  mutating func write(_ value: JSON, depth: Int) {
    switch value {
    case .null: put("null")
    case .bool(let value): put(value ? "true" : "false")
    case .integer(let value): put(String(value))
    case .number(let value): put(value.isFinite ? value.description : "null")
    case .string(let value): write(value)
    case .array(let elements):
      list("[", "]", elements, depth) { $0.write($1, depth: depth + 1) }
    case .object(let object):
      list("{", "}", Array(object), depth) { writer, member in
        writer.write(member.key)
        writer.put(writer.pretty ? ": " : ":")
        writer.write(member.value, depth: depth + 1)
      }
    }
  }

  private mutating func list<Element>(
    _ open: String, _ close: String, _ elements: [Element], _ depth: Int,
    _ body: (inout JSONWriter, Element) -> Void
  ) {
    put(open)
    for (index, element) in elements.enumerated() {
      if index > 0 { put(",") }
      if pretty { put("\n" + String(repeating: "  ", count: depth + 1)) }
      body(&self, element)
    }
    if pretty, !elements.isEmpty { put("\n" + String(repeating: "  ", count: depth)) }
    put(close)
  }

  private mutating func write(_ text: String) {
    put("\"")
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": put("\\\"")
      case "\\": put("\\\\")
      case "\n": put("\\n")
      case "\r": put("\\r")
      case "\t": put("\\t")
      case _ where Sanitiser.isHidden(scalar) && scalar.value < 0x10000: escape(scalar.value)
      default: bytes += Array(UTF8.encode(scalar)!)
      }
    }
    put("\"")
  }

  private mutating func escape(_ value: UInt32) {
    let digits = String(value, radix: 16)
    put("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
  }

  private mutating func put(_ text: String) { bytes += Array(text.utf8) }
}
