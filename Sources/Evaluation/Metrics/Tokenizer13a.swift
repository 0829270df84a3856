/// The tokenizer 13a of WMT (mteval-v13a), as sacreBLEU has it: punctuation apart from words.
enum Tokenizer13a {
  typealias Scalars = PythonText.Scalars

  /// The tokens of a sentence.
  static func tokens(_ sentence: String) -> [Scalars] {
    var text = Array(sentence.unicodeScalars)
    while let last = text.last, PythonText.isSpace(last) { text.removeLast() }
    text = replace("<skipped>", with: "", in: text)
    text = replace("-\n", with: "", in: text)
    text = replace("\n", with: " ", in: text)
    for (entity, sign) in [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")] {
      text = replace(entity, with: sign, in: text)
    }
    text = separateSymbols([" "] + text + [" "])
    text = separate(text, { !isDigit($0) }, isStop) { [$0, " ", $1, " "] }
    text = separate(text, isStop, { !isDigit($0) }) { [" ", $0, " ", $1] }
    text = separate(text, isDigit, { $0 == "-" }) { [$0, " ", $1, " "] }
    return PythonText.split(text)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isStop(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }

  /// Puts spaces around the symbols of ASCII, except `'`, `,`, `-` and `.`.
  private static func separateSymbols(_ text: Scalars) -> Scalars {
    var result: Scalars = []
    for scalar in text {
      switch scalar {
      case "{"..."~", "["..."`", " "..."&", "("..."+", ":"..."@", "/": result += [" ", scalar, " "]
      default: result.append(scalar)
      }
    }
    return result
  }

  /// Rewrites each pair of neighbours that match, left to right, no scalar in two pairs.
  private static func separate(
    _ text: Scalars, _ first: (Unicode.Scalar) -> Bool, _ second: (Unicode.Scalar) -> Bool,
    _ rewrite: (Unicode.Scalar, Unicode.Scalar) -> Scalars
  ) -> Scalars {
    var result: Scalars = []
    var index = 0
    while index < text.count {
      if index + 1 < text.count, first(text[index]), second(text[index + 1]) {
        result += rewrite(text[index], text[index + 1])
        index += 2
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }

  /// `str.replace`.
  private static func replace(_ old: String, with new: String, in text: Scalars) -> Scalars {
    let pattern = Array(old.unicodeScalars)
    guard text.count >= pattern.count, text.contains(pattern[0]) else { return text }
    var result: Scalars = []
    var index = 0
    while index < text.count {
      if text[index...].starts(with: pattern) {
        result += new.unicodeScalars
        index += pattern.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }
}
