/// Breaks text into lines of a given number of columns.
///
/// Latin words and numbers stay whole unless longer than a line; between Japanese characters a line
/// may break anywhere, but for kinsoku: a line does not begin with closing marks or small kana nor
/// end with an opening bracket, as long as moving one or two clusters to the next line achieves it.
public enum TextWrap {
  /// The lines of `text`, each at most `columns` wide, as parts of `text`.
  ///
  /// Newlines end paragraphs and are in no line, nor are the spaces at a break made here. An empty
  /// text, like an empty paragraph, is one empty line; a final newline adds no further line. Only a
  /// cluster that is itself wider than `columns` makes a line that is too wide.
  /// - Complexity: O(*n*) in the length of `text`.
  public static func lines(of text: String, columns: Int, kinsoku: Bool = true) -> [Substring] {
    var lines: [Substring] = []
    var start = text.startIndex
    while true {
      let end = text[start...].firstIndex(where: isNewline) ?? text.endIndex
      wrap(text[start..<end], columns: max(1, columns), kinsoku: kinsoku, into: &lines)
      guard end < text.endIndex else { break }
      start = text.index(after: end)
      if start == text.endIndex { break }
    }
    return lines
  }

  private static func isNewline(_ character: Character) -> Bool {
    character == "\n" || character == "\r\n"
  }

  private enum Class {
    case space
    /// Part of a word that is kept whole.
    case word
    /// Stands alone: kana, kanji, Hangul, emoji, placeholders.
    case single
  }

  private struct Unit {
    let index: String.Index
    let columns: Int
    let kind: Class
    let notAtStart: Bool
    let notAtEnd: Bool
  }

  private static func units(of paragraph: Substring, kinsoku: Bool) -> [Unit] {
    paragraph.indices.map { index in
      let character = paragraph[index]
      let columns = TextWidth.columns(of: character)
      return Unit(
        index: index, columns: columns, kind: classify(character, columns: columns),
        notAtStart: kinsoku && Kinsoku.isForbiddenAtStart(character),
        notAtEnd: kinsoku && Kinsoku.isForbiddenAtEnd(character))
    }
  }

  private static func classify(_ character: Character, columns: Int) -> Class {
    if character == " " || character == "\u{3000}" || character == "\t" { return .space }
    guard let first = character.unicodeScalars.first else { return .single }
    let isHalfwidthKana = (0xFF61...0xFF9F).contains(first.value)
    return columns == 1 && !isHalfwidthKana ? .word : .single
  }

  private static func wrap(
    _ paragraph: Substring, columns: Int, kinsoku: Bool, into lines: inout [Substring]
  ) {
    let units = units(of: paragraph, kinsoku: kinsoku)
    func index(_ position: Int) -> String.Index {
      position < units.count ? units[position].index : paragraph.endIndex
    }
    var start = 0
    var used = 0
    var position = 0
    while position < units.count {
      let unit = units[position]
      if used + unit.columns <= columns || position == start {
        used += unit.columns
        position += 1
        continue
      }
      // Spaces before the break belong to neither line. If the line is nothing but spaces (an
      // indentation wider than the screen), they are kept, or the text would lose its only line.
      let cut = unit.kind == .space ? position : breakPoint(units, from: start, overflow: position)
      var end = cut
      while end > start, units[end - 1].kind == .space { end -= 1 }
      lines.append(paragraph[index(start)..<index(end > start ? end : cut)])
      start = cut
      while start < units.count, units[start].kind == .space { start += 1 }
      position = start
      used = 0
    }
    if start < units.count || units.isEmpty {
      lines.append(paragraph[index(start)..<paragraph.endIndex])
    }
  }

  /// Where to break so that `overflow` comes to the next line; after `start`, at most `overflow`.
  private static func breakPoint(_ units: [Unit], from start: Int, overflow: Int) -> Int {
    let plain = wordStart(units, from: start, at: overflow)
    var candidate = plain
    for _ in 0...2 {
      let before = units[candidate - 1]
      // A space separates whatever stands around it.
      if before.kind == .space || !(units[candidate].notAtStart || before.notAtEnd) {
        return candidate
      }
      let earlier = wordStart(units, from: start, at: candidate - 1)
      // `wordStart` stays put when the word fills the line: nothing is gained by cutting it.
      guard candidate - 1 > start, earlier < candidate, isBoundary(units, earlier) else { break }
      candidate = earlier
    }
    return plain
  }

  private static func isBoundary(_ units: [Unit], _ position: Int) -> Bool {
    units[position - 1].kind != .word || units[position].kind != .word
  }

  /// The beginning of the word around `position`, or `position` if that word begins the line.
  private static func wordStart(_ units: [Unit], from start: Int, at position: Int) -> Int {
    var begin = position
    while begin > start, !isBoundary(units, begin) { begin -= 1 }
    return begin > start ? begin : position
  }
}
