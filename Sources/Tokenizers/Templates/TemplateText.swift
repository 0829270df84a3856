/// Text as Python sees it: by code points, never by canonical equivalence.
enum TemplateText {
  /// Whether `part` occurs in `text`.
  static func contains(_ part: [UInt8], in text: [UInt8]) -> Bool {
    var isFound = part.isEmpty
    search(part, in: text) { _ in
      isFound = true
      return false
    }
    return isFound
  }

  /// At most how many parts ``split(_:by:limit:)`` makes.
  static func parts(of text: String, by separator: String?) -> Int {
    guard let separator else { return 1 + text.utf8.count / 2 }
    var count = 1
    search(Array(separator.utf8), in: Array(text.utf8)) { _ in
      count += 1
      return true
    }
    return count
  }

  /// Tells `visit` where `part` occurs, from left to right without overlaps, until it wants no more.
  ///
  /// Knuth, Morris and Pratt 1977: however the two look, each byte of the text is looked at twice at most.
  private static func search(_ part: [UInt8], in text: [UInt8], _ visit: (Range<Int>) -> Bool) {
    guard !part.isEmpty, part.count <= text.count else { return }
    // How much of the part's beginning is also the end of its first i + 1 bytes.
    var borders = [Int](repeating: 0, count: part.count)
    var length = 0
    for i in part.indices.dropFirst() {
      while length > 0, part[i] != part[length] { length = borders[length - 1] }
      if part[i] == part[length] { length += 1 }
      borders[i] = length
    }
    var matched = 0
    for (at, byte) in text.enumerated() {
      while matched > 0, byte != part[matched] { matched = borders[matched - 1] }
      if byte == part[matched] { matched += 1 }
      guard matched == part.count else { continue }
      guard visit(at + 1 - part.count..<at + 1) else { return }
      matched = 0
    }
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
    guard limit != 0 else { return [text] }
    search(mark, in: bytes) { found in
      parts.append(String(decoding: bytes[start..<found.lowerBound], as: UTF8.self))
      start = found.upperBound
      return limit < 0 || parts.count < limit
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
