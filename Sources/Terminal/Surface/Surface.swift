/// A grid of styled cells: what a view draws into, and what `Screen` shows.
///
/// A value: drawing has no effect but on the grid, so each frame can be tested as text. Coordinates
/// count from the top left of the current part (``inside(_:_:)``); what falls outside it is clipped.
/// A glyph two columns wide never straddles an edge, and writing over one of its halves blanks the
/// other, just as terminals do.
public struct Surface: Sendable {
  /// Columns and rows of the part being drawn into; the whole grid outside ``inside(_:_:)``.
  public var size: Size { window.size }
  /// How roles look; views ask it for styles and signs.
  public let theme: Theme
  /// Where the hardware cursor stands, counted from the top left of the whole grid; `nil`: hidden.
  public private(set) var cursor: Point?
  /// Columns and rows of the whole grid.
  public let gridSize: Size

  private(set) var cells: [Cell]
  private var window: Rect
  /// The visible part of `window`, which may stick out of the part around it.
  private var clip: Rect

  /// A blank grid.
  public init(size: Size, theme: Theme = .plain) {
    gridSize = size
    self.theme = theme
    cells = Array(repeating: .blank, count: size.width * size.height)
    window = Rect(size)
    clip = window
  }

  public init(width: Int, height: Int, theme: Theme = .plain) {
    self.init(size: Size(width: width, height: height), theme: theme)
  }

  /// The whole of the current part.
  public var bounds: Rect { Rect(size) }

  /// Draws into a part: inside `body`, coordinates and clipping are those of `rect`.
  public mutating func inside(_ rect: Rect, _ body: (inout Surface) throws -> Void) rethrows {
    let (outerWindow, outerClip) = (window, clip)
    window = Rect(
      x: window.x + rect.x, y: window.y + rect.y, width: rect.width, height: rect.height)
    clip = window.intersection(outerClip)
    defer { (window, clip) = (outerWindow, outerClip) }
    try body(&self)
  }

  /// The cell at `point`; `nil` outside.
  public subscript(point: Point) -> Cell? {
    let place = absolute(point)
    return clip.contains(place) ? cells[index(place)] : nil
  }

  /// Writes `text` in one row from `point` on, made harmless; returns the columns it takes.
  ///
  /// Stand-ins for what must not be shown are written in the style of `ui.placeholder`.
  /// - Parameter columns: no more than so many columns are written; a wide glyph that would be cut
  ///   leaves a blank.
  @discardableResult
  public mutating func put(
    _ text: some StringProtocol, at point: Point, style: Style = .plain, columns: Int = .max
  ) -> Int {
    let placeholder = theme["ui.placeholder"].over(style)
    let end = columns == .max ? Int.max : point.x + max(0, columns)
    var x = point.x
    for character in text {
      // Past the right edge nothing can show; the rest may be megabytes.
      if x >= min(end, size.width) { break }
      Glyphs.forEach(of: character) { glyph in
        let style = glyph.isPlaceholder ? placeholder : style
        if x + glyph.columns <= end {
          put(glyph, at: Point(x: x, y: point.y), style: style)
        } else if x < end {
          put(.blank, at: Point(x: x, y: point.y), style: style)
        }
        x += glyph.columns
      }
    }
    return min(x, end) - point.x
  }

  /// Writes `text` in the look of `role`.
  @discardableResult
  public mutating func put(
    _ text: some StringProtocol, at point: Point, role: Role, columns: Int = .max
  ) -> Int {
    put(text, at: point, style: theme[role], columns: columns)
  }

  /// Writes one glyph; a wide one that would stick out leaves a blank in its visible half.
  mutating func put(_ glyph: Glyph, at point: Point, style: Style) {
    let place = absolute(point)
    guard glyph.columns == 2 else {
      if clip.contains(place) { set(Cell(glyph: glyph, style: style), at: place) }
      return
    }
    let right = Point(x: place.x + 1, y: place.y)
    switch (clip.contains(place), clip.contains(right)) {
    case (true, true):
      set(Cell(glyph: glyph, style: style), at: place)
      separate(right)
      cells[index(right)] = Cell(glyph: .continuation, style: style)
    case (true, false): set(Cell(glyph: .blank, style: style), at: place)
    case (false, true): set(Cell(glyph: .blank, style: style), at: right)
    case (false, false): break
    }
  }

  /// Fills `rect` with a character of one column.
  public mutating func fill(_ rect: Rect, with character: Character = " ", style: Style = .plain) {
    var glyph = Glyph.blank
    Glyphs.forEach(of: character) { if $0.columns == 1 { glyph = $0 } }
    let area = rect.intersection(bounds)
    for y in area.y..<area.bottom {
      for x in area.x..<area.right { put(glyph, at: Point(x: x, y: y), style: style) }
    }
  }

  /// Lays `style` over the cells of `rect`, which keep their glyphs.
  public mutating func restyle(_ rect: Rect, over style: Style) {
    let area = rect.intersection(bounds)
    for y in area.y..<area.bottom {
      for x in area.x..<area.right {
        let place = absolute(Point(x: x, y: y))
        guard clip.contains(place) else { continue }
        cells[index(place)].style = style.over(cells[index(place)].style)
        // Both halves of a glyph look alike, or the terminal would pick one.
        if cells[index(place)].glyph.isContinuation, place.x > 0 {
          cells[index(place)].style = cells[index(place) - 1].style
        } else if cells[index(place)].glyph.columns == 2 {
          cells[index(place) + 1].style = cells[index(place)].style
        }
      }
    }
  }

  /// Shows the hardware cursor at `point`, where an input method puts what is being composed.
  public mutating func showCursor(at point: Point) {
    let place = absolute(point)
    if clip.contains(place) { cursor = place }
  }

  /// Row `y` of the whole grid.
  func row(_ y: Int) -> ArraySlice<Cell> {
    cells[y * gridSize.width..<(y + 1) * gridSize.width]
  }

  private func absolute(_ point: Point) -> Point {
    // Wrapping, because callers may scroll by any amount; what overflows is clipped anyway.
    Point(x: window.x &+ point.x, y: window.y &+ point.y)
  }

  private func index(_ place: Point) -> Int { place.y * gridSize.width + place.x }

  private mutating func set(_ cell: Cell, at place: Point) {
    separate(place)
    cells[index(place)] = cell
  }

  /// Blanks the other half of a wide glyph that covers `place`.
  private mutating func separate(_ place: Point) {
    let here = index(place)
    if cells[here].glyph.isContinuation {
      cells[here - 1].glyph = .blank
    } else if cells[here].glyph.columns == 2 {
      cells[here + 1].glyph = .blank
    }
  }
}

extension Surface: Equatable {
  /// Whether both look the same; themes and current parts do not matter.
  public static func == (a: Surface, b: Surface) -> Bool {
    a.gridSize == b.gridSize && a.cursor == b.cursor && a.cells == b.cells
  }
}
