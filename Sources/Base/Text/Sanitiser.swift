/// Makes untrusted text safe to show.
///
/// Text of documents, models, logs and file names passes here before it reaches a terminal.
public enum Sanitiser {
  /// `text` with every character that could steer a terminal, or hide, spelt out as `<U+202E>`.
  ///
  /// - Parameter keepingNewlines: leaves line feeds as they are; tabs always become one space.
  public static func visible(_ text: String, keepingNewlines: Bool = false) -> String {
    let span = text.utf8.span
    var result: [UInt8] = []
    var run = 0
    var index = 0
    while index < span.count {
      guard mayHide(from: span[index]) else {
        index += 1
        continue
      }
      let (scalar, width) = span.scalar(at: index)
      if isHidden(scalar), !(keepingNewlines && scalar == "\n") {
        for plain in run..<index { result.append(span[plain]) }
        result += scalar == "\t" ? [0x20] : Array(placeholder(scalar).utf8)
        run = index + width
      }
      index += width
    }
    guard run > 0 else { return text }
    for plain in run..<span.count { result.append(span[plain]) }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether a character of which `byte` is in the UTF-8 may be hidden; wrong only on the safe side.
  static func mayHide(from byte: UInt8) -> Bool {
    switch byte {
    case 0..<0x20, 0x7F, 0xC2, 0xD8, 0xE1, 0xE2, 0xEE...0xFF: true
    default: false
    }
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
