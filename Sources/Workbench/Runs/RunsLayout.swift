import Terminal

/// Where the boxes of the Runs pane stand.
struct RunsLayout {
  let list, curve, events: Rect
  /// The boxes of the small charts; empty where sparklines do.
  let small: [Rect]
  /// Where they stand if all are shown, and how many columns they have.
  let gridColumns: Int

  init(_ state: RunsPane.State) {
    let bounds = Rect(state.size)
    if state.showsAll {
      let nothing = Rect(x: 0, y: 0, width: 0, height: 0)
      let (list, rest) = bounds.split(top: 4)
      let columns = max(1, rest.width / Self.cell.width)
      let rows = max(1, rest.height / Self.cell.height)
      self.list = list
      (curve, events) = (nothing, nothing)
      gridColumns = columns
      small = (0..<rows * columns).map { place in
        let (row, column) = (place / columns, place % columns)
        let (left, right) = (rest.width * column / columns, rest.width * (column + 1) / columns)
        let (top, bottom) = (rest.height * row / rows, rest.height * (row + 1) / rows)
        return Rect(x: rest.x + left, y: rest.y + top, width: right - left, height: bottom - top)
      }
      return
    }
    gridColumns = 1
    if state.size.isWide {
      let (left, right) = bounds.split(left: min(76, bounds.width * 9 / 20))
      let (list, events) = left.split(top: left.height * 2 / 5)
      let (curve, bottom) = right.split(top: right.height * 2 / 3)
      let third = bottom.width / 3
      let (first, rest) = bottom.split(left: third)
      let (second, last) = rest.split(left: third)
      self.list = list
      self.events = events
      self.curve = curve
      small = [first, second, last]
    } else if state.size.height < 18 {
      // Two boxes is all there is room for: the events take the curve's place while they have the keys.
      let (list, rest) = bounds.split(top: state.rows?.isEmpty == true ? 7 : 4)
      let nothing = Rect(x: 0, y: 0, width: 0, height: 0)
      self.list = list
      (curve, events) = state.focus == .events ? (nothing, rest) : (rest, nothing)
      small = []
    } else {
      // Without a run the list says what to do, which takes some lines.
      let rows = state.rows?.isEmpty == true ? 4 : max(1, min(3, state.rows?.count ?? 1))
      let (list, rest) = bounds.split(top: rows + 3)
      let (curve, events) = rest.split(bottom: 5)
      self.list = list
      self.curve = curve
      self.events = events
      small = []
    }
  }

  /// The least size of a chart with its frame.
  private static let cell = Size(width: 38, height: 8)

  var listPage: Int { Table.page(height: list.height - 2) }
  var eventsPage: Int { max(1, events.height - 2) }
  /// Dot columns of the loss chart.
  var dotColumns: Int { LineChart.dotColumns(width: curve.width - 2) }
  /// Dot columns of the small charts, or of the sparklines.
  var smallDotColumns: Int {
    small.first.map { LineChart.dotColumns(width: $0.width - 2) } ?? Self.sparkColumns * 2
  }

  /// Columns of a sparkline.
  static let sparkColumns = 10
}
