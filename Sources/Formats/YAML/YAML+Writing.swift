public import Base

extension YAML {
  /// The value as YAML text in block style, two spaces a level; ``parse(_:file:)`` gives it back.
  ///
  /// A text that would read as another type, or that holds what could steer a terminal, is quoted.
  public static func text(_ value: JSON) -> String {
    var writer = YAMLWriter()
    writer.write(value, indent: 0, after: .lineStart)
    return writer.text
  }
}

private struct YAMLWriter {
  enum Place { case lineStart, key, dash }

  var text = ""

  mutating func write(_ value: JSON, indent: Int, after place: Place) {
    switch value {
    case .object(let object) where object.count > 0:
      if place == .key { text += "\n" }
      for (index, member) in object.enumerated() {
        // The first member of an element stands on the line of its dash.
        if place != .dash || index > 0 { pad(indent) }
        text += scalar(member.key) + ":"
        write(member.value, indent: indent + 1, after: .key)
      }
    case .array(let elements) where !elements.isEmpty:
      if place == .key { text += "\n" }
      for (index, element) in elements.enumerated() {
        if place != .dash || index > 0 { pad(indent) }
        text += "-"
        if case .object(let object) = element, object.count > 0 { text += " " }
        if case .array(let inner) = element, !inner.isEmpty { text += " " }
        write(element, indent: indent + 1, after: .dash)
      }
    default:
      text += (place == .lineStart ? "" : " ") + leaf(value) + "\n"
    }
  }

  private mutating func pad(_ indent: Int) { text += String(repeating: "  ", count: indent) }

  private func leaf(_ value: JSON) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value):
      value.isNaN ? ".nan" : value.isInfinite ? (value < 0 ? "-.inf" : ".inf") : value.description
    case .string(let value): scalar(value)
    case .array: "[]"
    case .object: "{}"
    }
  }

  private func scalar(_ value: String) -> String { isPlain(value) ? value : quoted(value) }

  /// Whether a text can stand without quotes, by a rule stricter than YAML's.
  private func isPlain(_ value: String) -> Bool {
    guard let first = value.unicodeScalars.first, value.utf8.count <= 1024 else { return false }
    guard first.properties.isAlphabetic || (0x30...0x39).contains(first.value) || first == "/"
    else { return false }
    var previous: Unicode.Scalar = " "
    for scalar in value.unicodeScalars {
      if Sanitiser.isHidden(scalar) || scalar == "\n" || scalar == "\t" { return false }
      if scalar == ":" || scalar.value == 0xFFFE || scalar.value == 0xFFFF { return false }
      if scalar == "#", previous == " " { return false }
      previous = scalar
    }
    if previous == " " { return false }
    guard case .string? = try? YAMLScalar.core(value) else { return false }
    return true
  }

  private func quoted(_ value: String) -> String {
    var result = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _
      where Sanitiser.isHidden(scalar) || scalar.value == 0xFFFE || scalar.value == 0xFFFF:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let width = scalar.value > 0xFFFF ? 8 : 4
        result += width == 8 ? "\\U" : "\\u"
        result += String(repeating: "0", count: width - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
