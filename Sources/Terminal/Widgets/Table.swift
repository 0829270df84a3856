/// A column of a table.
public struct TableColumn: Sendable {
  /// How wide a column is.
  public enum Width: Sendable, Equatable {
    /// So many screen columns.
    case fixed(Int)
    /// So many parts of what the fixed columns leave.
    case share(Int)
  }

  public var title: String
  public var width: Width
  public var alignment: TextWidth.Alignment

  public init(_ title: String, _ width: Width = .share(1), _ alignment: TextWidth.Alignment = .left)
  {
    self.title = title
    self.width = width
    self.alignment = alignment
  }
}

/// What stands in one place of a table or list.
public struct TableCell: Sendable, ExpressibleByStringLiteral {
  public var text: String
  /// How it looks; the row's own style where it says nothing.
  public var style: Style
  /// What of the text stands out, by the places of its characters: what was searched for.
  public var marks: [Range<Int>]

  public init(_ text: String, style: Style = .plain, marks: [Range<Int>] = []) {
    self.text = text
    self.style = style
    self.marks = marks
  }

  public init(stringLiteral text: String) { self.init(text) }
}

/// Rows and columns under a line of titles; only what is visible is asked for.
///
/// Columns are separated by one blank, so that numbers never touch. The chosen row is marked by `>`
/// as well as by its style.
public struct Table {
  public var columns: [TableColumn]
  public var count: Int
  public var state: ListState
  public var isFocused: Bool
  /// What to say, and to do, when there are no rows.
  public var empty: String
  private let row: (Int) -> [TableCell]

  /// - Parameter row: the cells of a row, from 0; called for visible rows only.
  public init(
    columns: [TableColumn], count: Int, state: ListState, isFocused: Bool = true,
    empty: String = "", row: @escaping (Int) -> [TableCell]
  ) {
    self.columns = columns
    self.count = count
    self.state = state
    self.isFocused = isFocused
    self.empty = empty
    self.row = row
  }

  /// Rows of the table that fit a rectangle of `height` rows, below the titles.
  public static func page(height: Int) -> Int { max(1, height - 1) }

  /// The columns of the screen that each column of the table gets in `width`.
  public static func widths(of columns: [TableColumn], in width: Int) -> [Int] {
    let gaps = max(0, columns.count - 1)
    var shares = 0
    var left = width - gaps
    for column in columns {
      switch column.width {
      case .fixed(let fixed): left -= fixed
      case .share(let share): shares += share
      }
    }
    left = max(0, left)
    // What rounding leaves goes to the first columns, so that the sum is always the width.
    var spent = 0
    var seen = 0
    return columns.map { column in
      switch column.width {
      case .fixed(let fixed): return max(0, fixed)
      case .share(let share):
        seen += share
        let end = shares == 0 ? 0 : (left * seen + shares - 1) / shares
        defer { spent = end }
        return end - spent
      }
    }
  }

  /// Draws titles and rows into `rect`.
  public func draw(in rect: Rect, on surface: inout Surface) {
    surface.inside(rect) { surface in
      let widths = Table.widths(of: columns, in: surface.size.width - 1)
      let titles = columns.map { TableCell($0.title, style: surface.theme["ui.header"]) }
      draw(titles, widths: widths, y: 0, on: &surface)
      guard count > 0 else {
        let message = Rect(
          x: 1, y: 2, width: surface.size.width - 2, height: surface.size.height - 2)
        Paragraph(empty, role: "ui.text.dim").draw(in: message, on: &surface)
        return
      }
      let page = Table.page(height: surface.size.height)
      let top = state.visibleTop(count: count, page: page)
      for index in top..<min(count, top + page) {
        let y = index - top + 1
        draw(row(index), widths: widths, y: y, on: &surface)
        if index == state.selection { surface.markSelection(y: y, isFocused: isFocused) }
      }
    }
  }

  private func draw(_ cells: [TableCell], widths: [Int], y: Int, on surface: inout Surface) {
    var x = 1
    for ((cell, column), width) in zip(zip(cells, columns), widths) {
      let text = TextWidth.fit(cell.text, to: width, column.alignment)
      surface.put(text, at: Point(x: x, y: y), style: cell.style, columns: width)
      surface.mark(cell.marks, of: cell.text, at: Point(x: x, y: y), columns: width)
      x += width + 1
    }
  }
}

extension Surface {
  /// Makes parts of a text that was put at `point` stand out; what was cut off to fit `columns` is passed over.
  mutating func mark(_ marks: [Range<Int>], of text: String, at point: Point, columns: Int) {
    guard !marks.isEmpty else { return }
    let style = theme["ui.match"]
    let isCut = TextWidth.columns(of: text) > columns
    let room = isCut ? columns - TextWidth.cutMark.count : columns
    var x = 0
    for (place, character) in text.enumerated() {
      let width = TextWidth.columns(of: character)
      guard x + width <= room else { return }
      if marks.contains(where: { $0.contains(place) }) {
        restyle(Rect(x: point.x + x, y: point.y, width: width, height: 1), over: style)
      }
      x += width
    }
  }

  /// Makes row `y` look chosen: a sign in its first column, and the selection's style.
  mutating func markSelection(y: Int, isFocused: Bool) {
    put(">", at: Point(x: 0, y: y))
    let role: Role = isFocused ? "ui.selection" : "ui.selection.blurred"
    restyle(Rect(x: 0, y: y, width: size.width, height: 1), over: theme[role])
  }
}
