/// Wrapped text of which a page is visible, with a mark of where that page stands.
public struct TextView {
  public var lines: [String]
  public var state: ScrollState
  public var style: Style

  public init(lines: [String], state: ScrollState = ScrollState(), style: Style = .plain) {
    self.lines = lines
    self.state = state
    self.style = style
  }

  /// The columns to wrap for so that the lines fit a rectangle of `width`: the last is the mark's.
  public static func columns(width: Int) -> Int { max(1, width - 1) }

  /// Makes a part of a line stand out, by the places of its characters, where ``draw(in:on:)`` put it.
  public func mark(_ part: Range<Int>, ofLine line: Int, in rect: Rect, on surface: inout Surface) {
    surface.inside(rect) { surface in
      let page = surface.size.height
      let top = max(0, min(state.top, lines.count - page))
      guard lines.indices.contains(line), (top..<top + page).contains(line) else { return }
      surface.mark(
        [part], of: lines[line], at: Point(x: 0, y: line - top),
        columns: Self.columns(width: surface.size.width))
    }
  }

  /// Draws the visible lines into `rect`.
  public func draw(in rect: Rect, on surface: inout Surface) {
    surface.inside(rect) { surface in
      let page = surface.size.height
      guard page > 0 else { return }
      let top = max(0, min(state.top, lines.count - page))
      for (offset, line) in lines[top..<min(lines.count, top + page)].enumerated() {
        surface.put(
          line, at: Point(x: 0, y: offset), style: style,
          columns: Self.columns(width: surface.size.width))
      }
      surface.drawScrollMark(top: top, count: lines.count, page: page)
    }
  }
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
