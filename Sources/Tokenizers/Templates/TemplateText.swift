/// Text as Python sees it: by code points, never by canonical equivalence.
enum TemplateText {
  /// Where `part` first occurs at or after `from`.
  static func range(of part: [UInt8], in text: [UInt8], from: Int = 0) -> Range<Int>? {
    guard let first = part.first else { return from..<from }
    var at = from
    while at + part.count <= text.count {
      if text[at] == first, text[at..<at + part.count].elementsEqual(part) {
        return at..<at + part.count
      }
      at += 1
    }
    return nil
  }

  /// The text without the characters of `set` (white space, if none) at the chosen ends.
  static func stripped(
    _ text: String, _ set: String?, left: Bool = true, right: Bool = true
  ) -> String {
    let characters = set.map { Set($0.unicodeScalars) }
    func goes(_ scalar: Unicode.Scalar) -> Bool {
      if let characters { return characters.contains(scalar) }
      return scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
    }
    var scalars = Substring.UnicodeScalarView(text.unicodeScalars[...])
    if left { scalars = scalars.drop(while: goes) }
    if right { while let last = scalars.last, goes(last) { scalars.removeLast() } }
    return String(scalars)
  }

  /// The parts between occurrences of `separator`; by runs of white space without one.
  static func split(_ text: String, by separator: String?, limit: Int) -> [String] {
    guard let separator else {
      let parts = text.unicodeScalars.split(
        maxSplits: limit < 0 ? .max : limit, whereSeparator: \.properties.isWhitespace)
      return parts.map { String($0) }
    }
    let bytes = Array(text.utf8), mark = Array(separator.utf8)
    guard !mark.isEmpty else { return [text] }
    var parts: [String] = []
    var start = 0
    while limit < 0 || parts.count < limit, let found = range(of: mark, in: bytes, from: start) {
      parts.append(String(decoding: bytes[start..<found.lowerBound], as: UTF8.self))
      start = found.upperBound
    }
    return parts + [String(decoding: bytes[start...], as: UTF8.self)]
  }

  /// Every word with a great first letter; words begin after white space and some brackets, or, as
  /// Python's own method has it, after anything that is no letter.
  static func titled(_ text: String, afterAny: Bool) -> String {
    var result = "", isInside = false
    for scalar in text.unicodeScalars {
      let letter = scalar.properties
      if letter.isCased {
        result += isInside ? letter.lowercaseMapping : letter.titlecaseMapping
      } else {
        result.unicodeScalars.append(scalar)
      }
      isInside =
        letter.isCased
        || !afterAny && !letter.isWhitespace && !"-({[<".unicodeScalars.contains(scalar)
    }
    return result
  }
}
