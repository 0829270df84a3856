/// A stretch of a page's text between two breaks.
struct HTMLBlock: Equatable {
  private(set) var text = ""
  var isHeading = false
  /// Whether it lies in the part that the page itself calls its main one.
  var isInMain = false
  /// Characters, and those of them that are links.
  private var count = 0, linked = 0

  mutating func add(_ more: String, isLinked: Bool) {
    text += more
    let characters = more.unicodeScalars.count { !$0.properties.isWhitespace }
    count += characters
    if isLinked { linked += characters }
  }

  mutating func finish(keepingLines: Bool) {
    text = keepingLines ? Self.trimmed(text) : Self.collapsed(text)
  }

  /// The blocks that make up the main text.
  static func main(of blocks: [HTMLBlock]) -> [HTMLBlock] {
    // What the page calls its main part is believed if it holds something.
    let marked = blocks.filter(\.isInMain)
    let blocks = marked.reduce(0) { $0 + $1.count } >= 140 ? marked : blocks
    var isKept = blocks.map(\.isSentence)
    // A short line between kept ones belongs to them, and a heading to what follows it.
    let sure = isKept
    for place in blocks.indices where !sure[place] && !blocks[place].isMostlyLinks {
      let before = place > 0 && sure[place - 1]
      let after = place + 1 < blocks.count && sure[place + 1]
      isKept[place] = blocks[place].isHeading ? after : before && after
    }
    return blocks.indices.filter { isKept[$0] }.map { blocks[$0] }
  }

  private var isMostlyLinks: Bool { 2 * linked > count }

  /// Whether it is long enough for a sentence, or ends as one. A character of Chinese or Japanese counts for two.
  private var isSentence: Bool {
    guard !isMostlyLinks, !isHeading else { return false }
    let width = text.unicodeScalars.reduce(0) { $0 + (Self.isWide($1) ? 2 : 1) }
    let ends = text.unicodeScalars.last.map { "。．.!?！？」』".unicodeScalars.contains($0) } ?? false
    return width >= 60 || width >= 16 && ends
  }

  /// Text with each run of white space made one space, or nothing where a line breaks between two wide
  /// characters (CSS Text 3, 4.1.2): Japanese is written without spaces.
  static func collapsed(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var space: (isThere: Bool, breaks: Bool) = (false, false)
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace && scalar != "\u{3000}" {
        space.isThere = true
        space.breaks = space.breaks || scalar == "\n" || scalar == "\r"
        continue
      }
      if space.isThere, let last = result.last,
        !(space.breaks && isWide(last) && isWide(scalar))
      {
        result.append(" ")
      }
      space = (false, false)
      result.append(scalar)
    }
    return String(result)
  }

  /// Text without empty lines at its ends and spaces at the ends of its lines.
  private static func trimmed(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = line
      while line.last?.isWhitespace == true { line.removeLast() }
      return line
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.drop(while: \.isEmpty).joined(separator: "\n")
  }

  /// Whether a character is of the scripts of China and Japan, or their punctuation.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2E80...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFFEF,
      0x20000...0x3FFFF:
      true
    default: false
    }
  }
}
