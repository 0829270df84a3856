/// The bytes that write the end of the last row behind ncurses' back.
///
/// Where a description names no way to turn automatic wrapping off (tmux, screen), ncurses 6.4 writes
/// the last cell one column early and shifts it right by an insertion. A wide glyph just before the
/// last cell does not survive that: it is torn apart, whether or not the last cell is blank. On
/// those terminals, all of them ANSI, `Screen` lets ncurses believe that the last three cells are
/// blank and writes them itself.
enum RowEnd {
  /// How many cells are meant: the wide glyph and the last one.
  static let count = 3

  /// Whether a wide glyph ends just before the last cell of `row`.
  static func isDelicate(_ row: ArraySlice<Cell>) -> Bool {
    row.count >= count && row[row.endIndex - 2].glyph.isContinuation
  }

  /// `row` with its end blank.
  static func blanked(_ row: ArraySlice<Cell>) -> ArraySlice<Cell> {
    row.dropLast(count) + Array(repeating: .blank, count: count)
  }

  /// Draws `cells` at the end of the last row; leaves cursor, attributes and wrapping as they were.
  static func bytes(drawing cells: ArraySlice<Cell>, size: Size, depth: ColourDepth) -> [UInt8] {
    var text = "\u{1B}7\u{1B}[?7l\u{1B}[\(size.height);\(size.width - count + 1)H"
    for cell in cells {
      let codes = codes(of: cell.style, depth: depth).map(String.init).joined(separator: ";")
      text += "\u{1B}[\(codes)m\(cell.glyph.text)"
    }
    return Array((text + "\u{1B}[?7h\u{1B}8").utf8)
  }

  private static func codes(of style: Style, depth: ColourDepth) -> [Int] {
    var list = [0]
    if style.attributes.contains(.bold) { list.append(1) }
    if style.attributes.contains(.dim) { list.append(2) }
    if style.attributes.contains(.underline) { list.append(4) }
    if style.attributes.contains(.reverse) { list.append(7) }
    guard depth > .none else { return list }
    return list + codes(of: style.foreground, base: 30) + codes(of: style.background, base: 40)
  }

  private static func codes(of colour: Colour, base: Int) -> [Int] {
    switch colour {
    case .standard: []
    case .index(let entry) where entry < 8: [base + Int(entry)]
    case .index(let entry): [base + 8, 5, Int(entry)]
    }
  }
}
