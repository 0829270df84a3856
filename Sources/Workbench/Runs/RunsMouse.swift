import Terminal

/// What the mouse does in the Runs pane: never more than keys do.
enum RunsMouse {
  typealias State = RunsPane.State

  static func handle(_ mouse: Mouse, _ state: inout State) {
    guard state.dialog == nil, !state.showsAll else { return }
    let layout = RunsLayout(state)
    let point = Point(x: mouse.x, y: mouse.y)
    if layout.curve.contains(point) || state.brush != nil {
      inChart(mouse, layout, &state)
    } else if layout.list.contains(point) {
      inList(mouse, layout, &state)
    } else if layout.events.contains(point), mouse.action == .press {
      state.focus = .events
    }
  }

  private static func inChart(_ mouse: Mouse, _ layout: RunsLayout, _ state: inout State) {
    guard let curves = state.ownCurves, curves.edges.count > 1 else { return }
    // The frame and the values of the axis stand left of the curves.
    let column = 2 * (mouse.x - layout.curve.x - 1 - LineChart.gutter)
    let last = curves.edges.count - 2
    let near = max(0, min(column, last))
    switch mouse.action {
    case .wheelUp, .wheelDown:
      state.window.zoom(
        isIn: mouse.action == .wheelUp, around: curves.edges[near], lastStep: curves.lastStep)
    case .press:
      state.focus = .curve
      state.placeCursor(column: near)
      state.brush = near...near
    case .drag:
      guard let brush = state.brush else { return }
      let start = anchor(brush, state, curves)
      state.brush = min(start, near)...max(start, near)
    case .release:
      defer { state.brush = nil }
      guard let brush = state.brush, brush.count > 4 else { return }
      state.window.show(
        curves.edges[brush.lowerBound]..<curves.edges[min(brush.upperBound + 1, last + 1)],
        lastStep: curves.lastStep)
    }
  }

  /// Where the button went down: the cross-hair stands there.
  private static func anchor(
    _ brush: ClosedRange<Int>, _ state: State, _ curves: RunCurves
  ) -> Int {
    state.cursor.flatMap { curves.column(of: $0) } ?? brush.lowerBound
  }

  private static func inList(_ mouse: Mouse, _ layout: RunsLayout, _ state: inout State) {
    let rows = state.rows ?? []
    let page = layout.listPage
    let row: Int
    switch mouse.action {
    case .wheelUp: row = state.list.selection - 1
    case .wheelDown: row = state.list.selection + 1
    case .press:
      // Under the frame and the head of the table.
      row =
        state.list.visibleTop(count: rows.count, page: page) + mouse.y - layout.list.y - 2
      state.focus = .list
    case .drag, .release: return
    }
    guard rows.indices.contains(row) else { return }
    state.list.select(row, count: rows.count, page: page)
    RunsUpdate.select(&state) { $0.selected = rows[row].number }
  }
}
