/// A row of tabs, the current one in brackets, with the program's state at the right.
public struct Tabs {
  public var titles: [String]
  public var current: Int
  public var status: String

  public init(_ titles: [String], current: Int, status: String = "") {
    self.titles = titles
    self.current = current
    self.status = status
  }

  /// Draws into the first row of `rect`; the tabs before the status, if there is no room for both.
  public func draw(in rect: Rect, on surface: inout Surface) {
    surface.inside(rect) { surface in
      var x = 0
      for (index, title) in titles.enumerated() {
        let isCurrent = index == current
        x += surface.put(
          isCurrent ? "[\(title)]" : " \(title) ", at: Point(x: x, y: 0),
          role: isCurrent ? "ui.tab.current" : "ui.tab")
      }
      let room = surface.size.width - x - 1
      guard room > 2 else { return }
      let text = TextWidth.cut(status, to: room)
      let start = surface.size.width - TextWidth.columns(of: text)
      surface.put(text, at: Point(x: start, y: 0), role: "ui.status")
    }
  }
}
