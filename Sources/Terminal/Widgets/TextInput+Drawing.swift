extension TextInput {
  /// The rows the text takes at `columns` columns, prompt included; at least one.
  public func rows(columns: Int, prompt: String = "") -> Int {
    layout(columns: columns - TextWidth.columns(of: prompt)).rows.count
  }

  /// Draws prompt and text into `rect`, scrolled so that the cursor is visible.
  ///
  /// - Parameters:
  ///   - prompt: written before the first row; further rows begin below the text.
  ///   - isFocused: whether to show the hardware cursor, where an input method composes.
  ///   - placeholder: what to show dim while the text is empty.
  public func draw(
    in rect: Rect, on surface: inout Surface, prompt: String = "", isFocused: Bool = true,
    placeholder: String = ""
  ) {
    surface.inside(rect) { surface in
      guard !surface.bounds.isEmpty else { return }
      let indent = surface.put(prompt, at: Point(x: 0, y: 0), role: "ui.prompt")
      let area = surface.bounds.split(left: indent).rest
      surface.inside(area) { surface in
        let layout = layout(columns: surface.size.width)
        let top = max(0, layout.cursor.y - surface.size.height + 1)
        for (y, row) in layout.rows.dropFirst(top).prefix(surface.size.height).enumerated() {
          surface.put(row, at: Point(x: -layout.left, y: y), role: "ui.input")
        }
        if text.isEmpty, !placeholder.isEmpty {
          surface.put(placeholder, at: Point(x: 0, y: 0), role: "ui.text.dim")
        }
        if isFocused {
          surface.showCursor(at: Point(x: layout.cursor.x - layout.left, y: layout.cursor.y - top))
        }
      }
    }
  }

  private struct Layout {
    var rows: [String]
    /// Column and row of the cursor in the whole text.
    var cursor: Point
    /// Columns scrolled out at the left; one-line inputs only.
    var left: Int
  }

  /// Breaks the text by clusters, not words: while typing, nothing already written may jump.
  private func layout(columns: Int) -> Layout {
    let columns = max(2, columns)
    var layout = Layout(rows: [""], cursor: Point(x: 0, y: 0), left: 0)
    var x = 0
    for (offset, character) in text.enumerated() {
      let width = TextWidth.columns(of: character)
      if isMultiline, character != "\n", x + width > columns, x > 0 {
        layout.rows.append("")
        x = 0
      }
      if offset == cursor { layout.cursor = Point(x: x, y: layout.rows.count - 1) }
      if isMultiline, character == "\n" {
        layout.rows.append("")
        x = 0
      } else {
        layout.rows[layout.rows.count - 1].append(character)
        x += width
      }
    }
    if cursor >= text.count {
      if isMultiline, x >= columns {
        layout.rows.append("")
        x = 0
      }
      layout.cursor = Point(x: x, y: layout.rows.count - 1)
    }
    // The cursor of a long line stays in view, with a cluster's room behind it.
    if !isMultiline { layout.left = max(0, layout.cursor.x - columns + 2) }
    return layout
  }
}
