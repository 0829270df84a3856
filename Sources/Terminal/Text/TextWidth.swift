/// Measuring, cutting and padding text by the columns it takes on the screen.
///
/// Widths belong to grapheme clusters, never to `count` nor to single scalars: half-width ｶﾞ is one
/// `Character` of two columns, か + U+3099 one of two, a placeholder for a control character eight.
public enum TextWidth {
  /// Where text stands in a field wider than itself.
  public enum Alignment: Sendable {
    case left, right, centre
  }

  /// What replaces the end of text that was cut; ASCII, because `…` is of ambiguous width.
  public static let cutMark = ".."

  /// The columns that `text` takes when drawn.
  ///
  /// - Complexity: O(*n*) in the length of `text`; ASCII is not segmented into clusters.
  public static func columns(of text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    var total = 0
    for character in text { total += columns(of: character) }
    return total
  }

  /// The columns that one grapheme cluster takes when drawn.
  public static func columns(of character: Character) -> Int {
    var total = 0
    Glyphs.forEach(of: character) { total += $0.columns }
    return total
  }

  /// The longest beginning of `text` that fits in `columns`, whole clusters only.
  public static func prefix(of text: some StringProtocol, columns: Int) -> (
    text: String, columns: Int
  ) {
    var used = 0
    var end = text.startIndex
    while end < text.endIndex {
      let width = Self.columns(of: text[end])
      if used + width > columns { break }
      used += width
      end = text.index(after: end)
    }
    return (String(text[..<end]), used)
  }

  /// `text` in at most `columns` columns; what is cut is marked by `..` if there is room for that.
  public static func cut(_ text: String, to columns: Int) -> String {
    guard self.columns(of: text) > columns else { return text }
    guard columns > cutMark.count else { return prefix(of: text, columns: max(0, columns)).text }
    return prefix(of: text, columns: columns - cutMark.count).text + cutMark
  }

  /// `text` with spaces added up to `columns`; longer text is returned as it is.
  public static func pad(_ text: String, to columns: Int, _ alignment: Alignment = .left) -> String
  {
    let missing = columns - self.columns(of: text)
    guard missing > 0 else { return text }
    let left =
      switch alignment {
      case .left: 0
      case .right: missing
      case .centre: missing / 2
      }
    return String(repeating: " ", count: left) + text
      + String(repeating: " ", count: missing - left)
  }

  /// `text` cut or padded to exactly `columns`.
  public static func fit(_ text: String, to columns: Int, _ alignment: Alignment = .left) -> String
  {
    pad(cut(text, to: columns), to: columns, alignment)
  }
}
