import Terminal

/// Where the boxes of the Runs pane stand.
struct RunsLayout {
  let list, curve, events: Rect
  /// The boxes of learning rate, gradient norm and tokens a second; empty where sparklines do.
  let small: [Rect]

  init(_ state: RunsPane.State) {
    let bounds = Rect(state.size)
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
