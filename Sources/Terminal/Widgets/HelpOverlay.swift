/// All keys, by part of the program, over everything else; scrolled.
public struct HelpOverlay {
  /// A title and its keys.
  public struct Section: Sendable {
    public var title: String
    public var hints: [KeyHint]

    public init(_ title: String, _ hints: [KeyHint]) {
      self.title = title
      self.hints = hints
    }
  }

  public var title: String
  public var sections: [Section]
  public var state: ScrollState

  public init(
    title: String = "Help", sections: [Section], state: ScrollState = ScrollState()
  ) {
    self.title = title
    self.sections = sections
    self.state = state
  }

  private enum Line {
    case title(String)
    case hint(KeyHint)
    case blank
  }

  private var lines: [Line] {
    var lines: [Line] = []
    for section in sections where !section.hints.isEmpty {
      if !lines.isEmpty { lines.append(.blank) }
      lines.append(.title(section.title))
      lines += section.hints.map(Line.hint)
    }
    return lines
  }

  /// How many lines there are, for scrolling.
  public var count: Int { lines.count }

  /// Lines visible at once in a rectangle of `height` rows.
  public static func page(height: Int) -> Int { max(1, height - 4) }

  /// Draws over the middle of `rect`.
  public func draw(in rect: Rect, on surface: inout Surface) {
    let frame = rect.centred(Size(width: min(72, rect.width - 2), height: rect.height - 2))
    let inner = surface.box(frame, title: title, isFocused: true).inset(horizontally: 1)
    surface.inside(inner) { surface in
      let page = surface.size.height
      let lines = lines
      let top = max(0, min(state.top, lines.count - page))
      for (y, line) in lines[top..<min(lines.count, top + max(0, page))].enumerated() {
        switch line {
        case .blank: break
        case .title(let title): surface.put(title, at: Point(x: 0, y: y), role: "ui.header")
        case .hint(let hint):
          let role: Role = hint.isEnabled ? "ui.key" : "ui.key.disabled"
          surface.put(hint.key, at: Point(x: 2, y: y), role: role, columns: 18)
          // The last column is the scroll mark's.
          let label = TextWidth.cut(hint.label, to: max(0, surface.size.width - 23))
          surface.put(label, at: Point(x: 22, y: y), role: "ui.key.label")
        }
      }
      surface.drawScrollMark(top: top, count: lines.count, page: page)
    }
  }
}
