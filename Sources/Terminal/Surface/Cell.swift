/// One place of the grid: a glyph, or the right half of one, and how it is drawn.
public struct Cell: Hashable, Sendable {
  public internal(set) var glyph: Glyph
  public internal(set) var style: Style

  /// An empty cell in the terminal's own colours.
  static let blank = Cell(glyph: .blank, style: .plain)
}
