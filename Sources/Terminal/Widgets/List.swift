/// Lines of which one is chosen.
public struct List {
  public var count: Int
  public var state: ListState
  public var isFocused: Bool
  /// What to say, and to do, when there are no lines.
  public var empty: String
  private let line: (Int) -> TableCell

  /// - Parameter line: a line, from 0; called for visible lines only.
  public init(
    count: Int, state: ListState, isFocused: Bool = true, empty: String = "",
    line: @escaping (Int) -> TableCell
  ) {
    self.count = count
    self.state = state
    self.isFocused = isFocused
    self.empty = empty
    self.line = line
  }

  /// Draws the visible lines into `rect`.
  public func draw(in rect: Rect, on surface: inout Surface) {
    surface.inside(rect) { surface in
      guard count > 0 else {
        let message = Rect(
          x: 1, y: 0, width: surface.size.width - 2, height: surface.size.height)
        Paragraph(empty, role: "ui.text.dim").draw(in: message, on: &surface)
        return
      }
      let page = max(1, surface.size.height)
      let top = state.visibleTop(count: count, page: page)
      for index in top..<min(count, top + page) {
        let cell = line(index)
        let text = TextWidth.cut(cell.text, to: surface.size.width - 1)
        surface.put(text, at: Point(x: 1, y: index - top), style: cell.style)
        if index == state.selection { surface.markSelection(y: index - top, isFocused: isFocused) }
      }
    }
  }
}
