/// Wrapped text of which a page is visible, with a mark of where that page stands.
public struct TextView {
  /// How many lines there are.
  public var count: Int
  public var state: ScrollState
  /// The line at a place, and how it is drawn; asked for visible lines only.
  public var line: (Int) -> (text: String, style: Style)

  public init(
    count: Int, state: ScrollState = ScrollState(),
    line: @escaping (Int) -> (text: String, style: Style)
  ) {
    self.count = count
    self.state = state
    self.line = line
  }

  public init(lines: [String], state: ScrollState = ScrollState(), style: Style = .plain) {
    self.init(count: lines.count, state: state) { (lines[$0], style) }
  }

  /// The columns to wrap for so that the lines fit a rectangle of `width`: the last is the mark's.
  public static func columns(width: Int) -> Int { max(1, width - 1) }

  /// Makes a part of a line stand out, by the places of its characters, where ``draw(in:on:)`` put it.
  public func mark(_ part: Range<Int>, ofLine place: Int, in rect: Rect, on surface: inout Surface)
  {
    surface.inside(rect) { surface in
      let top = top(page: surface.size.height)
      guard (0..<count).contains(place), (top..<top + surface.size.height).contains(place) else {
        return
      }
      surface.mark(
        [part], of: line(place).text, at: Point(x: 0, y: place - top),
        columns: Self.columns(width: surface.size.width))
    }
  }

  /// Draws the visible lines into `rect`.
  public func draw(in rect: Rect, on surface: inout Surface) {
    surface.inside(rect) { surface in
      let page = surface.size.height
      guard page > 0 else { return }
      let top = top(page: page)
      for place in top..<min(count, top + page) {
        let (text, style) = line(place)
        surface.put(
          text, at: Point(x: 0, y: place - top), style: style,
          columns: Self.columns(width: surface.size.width))
      }
      surface.drawScrollMark(top: top, count: count, page: page)
    }
  }

  private func top(page: Int) -> Int { max(0, min(state.top, count - page)) }
}

extension Surface {
  /// In the last column, a sign beside the part of `count` lines that is visible.
  mutating func drawScrollMark(top: Int, count: Int, page: Int) {
    guard count > page, page > 0 else { return }
    let length = max(1, page * page / count)
    let start = top * (page - length) / (count - page)
    for y in start..<start + length {
      put("|", at: Point(x: size.width - 1, y: y), role: "ui.border")
    }
  }
}
