/// A question over everything else, with the keys that answer it.
public struct Dialog {
  public var title: String
  public var text: String
  public var choices: [KeyHint]

  public init(title: String, text: String, choices: [KeyHint]) {
    self.title = title
    self.text = text
    self.choices = choices
  }

  /// Draws in the middle of `rect`, as large as the text needs.
  public func draw(in rect: Rect, on surface: inout Surface) {
    let width = min(60, rect.width)
    let lines = TextWrap.lines(of: text, columns: max(1, width - 4))
    let rows = lines.count + 4
    let frame = rect.centred(Size(width: width, height: rows))
    let inner = surface.box(frame, title: title, isFocused: true).inset(horizontally: 1)
    surface.inside(inner) { surface in
      for (y, line) in lines.prefix(surface.size.height).enumerated() {
        surface.put(line, at: Point(x: 0, y: y), role: "ui.text")
      }
      let bottom = surface.size.height - 1
      let row = Rect(x: 0, y: bottom, width: surface.size.width, height: 1)
      KeyFooter(choices).draw(in: row, on: &surface)
    }
  }
}

extension Rect {
  /// The rectangle without `columns` columns at either side.
  func inset(horizontally columns: Int) -> Rect {
    Rect(x: x + columns, y: y, width: width - 2 * columns, height: height)
  }
}
