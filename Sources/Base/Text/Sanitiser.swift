/// Makes untrusted text safe to show.
///
/// Text of documents, models, logs and file names passes here before it reaches a terminal.
public enum Sanitiser {
  /// `text` with every character that could steer a terminal, or hide, spelt out as `<U+202E>`.
  ///
  /// - Parameter keepingNewlines: leaves line feeds as they are; tabs always become one space.
  public static func visible(_ text: String, keepingNewlines: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: { isHidden($0) }) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "\n", keepingNewlines {
        result.append(scalar)
      } else if scalar == "\t" {
        result.append(" ")
      } else if isHidden(scalar) {
        result.append(contentsOf: placeholder(scalar).unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// The visible stand-in of one character, as `<U+202E>`.
  public static func placeholder(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
  }

  /// Whether `scalar` may not be sent to a terminal: controls, line and bidi controls, zero-width and
  /// tag characters, private use and noncharacters.
  ///
  /// U+200D and the variation selectors stay: emoji and ideographs need them.
  public static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E: false
    case 0...0x1F, 0x7F...0x9F: true
    case 0xAD, 0x61C, 0x180E: true
    case 0x200B, 0x200C, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F: true
    case 0xE000...0xF8FF, 0xF0000...0x10FFFF: true
    case 0xFDD0...0xFDEF, 0xFEFF, 0xFFF9...0xFFFB: true
    case 0xE0000...0xE0FFF: !(0xE0100...0xE01EF).contains(scalar.value)
    default: scalar.value & 0xFFFE == 0xFFFE
    }
  }
}
