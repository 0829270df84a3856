import Base
import Lab
import Terminal

/// Draws the curves of the Runs pane.
enum RunsCharts {
  typealias State = RunsPane.State
  typealias Chart = RunCurves.Chart

  static func drawMain(_ state: State, in rect: Rect, _ surface: inout Surface) {
    surface.panel(rect, title(state), isFocused: state.focus == .curve) { inner, surface in
      guard let curves = state.ownCurves else {
        let text =
          state.selected == nil
          ? "The curves of the chosen run stand here." : "Reading the record ..."
        Paragraph(text, role: "ui.text.dim").draw(in: inner, on: &surface)
        return
      }
      let (values, chart) = inner.split(top: state.size.isWide || inner.height < 9 ? 1 : 2)
      RunsValues.draw(state, curves, in: values, &surface)
      guard !curves.main.isEmpty else {
        Paragraph(emptyText(state, curves), role: "ui.text.dim").draw(in: chart, on: &surface)
        return
      }
      mainChart(state, curves, surface.theme).draw(in: chart, on: &surface)
      if let brush = state.brush { drawBrush(brush, in: chart, &surface) }
    }
  }

  private static func emptyText(_ state: State, _ curves: RunCurves) -> String {
    if state.showsDifference { return "The runs have no step in common here." }
    if curves.main.last != nil { return "No step of this stretch is recorded; 0 shows all." }
    return curves.lastStep == 0
      ? "No step is recorded yet." : "This run has no \(state.metric); m shows another metric."
  }

  private static func title(_ state: State) -> String {
    guard let run = state.run else { return name(of: state.metric) }
    var parts = ["\(name(of: state.metric)) \(run.name)"]
    if state.showsDifference, !state.overlays.isEmpty { parts.append("difference") }
    if let title = state.axis.title { parts.append(title) }
    if state.smoothing != .none { parts.append(state.smoothing.rawValue) }
    if state.isLogarithmic { parts.append("log") }
    if state.window.span != nil { parts.append("zoomed") }
    if !state.window.isFollowing { parts.append("not following") }
    if let peak = cutPeak(state) { parts.append("^ up to \(Format.significant(peak, 3))") }
    if let chart = state.ownCurves?.main {
      if chart.nonFinite > 0 { parts.append("\(Format.count(chart.nonFinite)) not finite") }
      if state.isLogarithmic, chart.nonPositive > 0 {
        parts.append("\(Format.count(chart.nonPositive)) not above 0")
      }
    }
    return parts.joined(separator: ", ")
  }

  static func name(of metric: String) -> String {
    switch metric {
    case "loss": "Loss"
    case "learning_rate": "Learning rate"
    case "gradient_norm": "Gradient norm"
    case "tokens_per_second": "Tokens a second"
    default: metric
    }
  }

  /// Whether the large chart has peaks that would flatten the curve if the axis reached up to them.
  static func hasPeaks(_ state: State) -> Bool {
    state.ownCurves.map { AxisRange(of: $0.main.columns).isCut } ?? false
  }

  /// The highest value above the axis; `nil` if none is.
  private static func cutPeak(_ state: State) -> Double? {
    guard let own = state.ownCurves, cutsPeaks(state), hasPeaks(state) else { return nil }
    return own.main.columns.joined()
      .compactMap { $0.flatMap { $0.maximum.isFinite ? $0.maximum : nil } }.max()
  }

  /// A logarithmic axis has room for peaks.
  private static func cutsPeaks(_ state: State) -> Bool {
    !state.showsPeaks && !state.isLogarithmic && !state.showsDifference
  }

  // MARK: Charts

  private static func mainChart(_ state: State, _ curves: RunCurves, _ theme: Theme) -> LineChart {
    LineChart(
      series: series(curves.main, theme), marks: marks(curves, curves.edges, theme),
      labels: curves.ticks.map { LineChart.Label(column: $0.column, text: $0.text) },
      scale: state.isLogarithmic && !state.showsDifference ? .log : .linear,
      range: cutsPeaks(state) ? AxisRange(of: curves.main.columns).range : nil,
      cursor: cursor(state, curves))
  }

  /// The curves of a chart; under a smoothed one its values as a dim band.
  private static func series(_ chart: Chart, _ theme: Theme, from colour: Int = 0)
    -> [LineChart.Series]
  {
    var series: [LineChart.Series] = []
    if chart.superseded.contains(where: { $0 != nil }) {
      series.append(LineChart.Series(columns: chart.superseded, isSuperseded: true))
    }
    for (place, line) in chart.lines.enumerated() {
      let style = theme.series(colour + place)
      if line.smooth.isEmpty {
        series.append(
          LineChart.Series(columns: line.columns, style: style, letter: line.letter))
      } else {
        series.append(LineChart.Series(columns: line.columns, style: theme["ui.text.dim"]))
        let smooth = line.smooth.map { value in
          value.map { LineChart.Column(minimum: $0, maximum: $0) }
        }
        series.append(LineChart.Series(columns: smooth, style: style, letter: line.letter))
      }
    }
    return series
  }

  private static func marks(_ curves: RunCurves, _ edges: [Int], _ theme: Theme)
    -> [LineChart.Mark]
  {
    let marks = curves.events.compactMap { event -> LineChart.Mark? in
      guard let mark = event.kind.mark, let column = RunCurves.column(of: event.step, in: edges)
      else { return nil }
      return LineChart.Mark(
        column: column, sign: theme.glyph(mark.role, else: mark.sign),
        role: event.isSuperseded ? "chart.superseded" : mark.role)
    }
    // A spike's sign wins over the others of its cell: it is drawn last.
    return marks.filter { $0.role != "chart.spike" } + marks.filter { $0.role == "chart.spike" }
  }

  /// A cross-hair at the chosen event while the events have the keys, else where it was put.
  private static func cursor(_ state: State, _ curves: RunCurves) -> Int? {
    if state.focus == .events, state.side == .events {
      guard curves.events.indices.contains(state.events.selection) else { return nil }
      return curves.column(of: curves.events[state.events.selection].step)
    }
    return state.cursor.flatMap { curves.column(of: $0) }
  }

  private static func drawBrush(
    _ brush: ClosedRange<Int>, in chart: Rect, _ surface: inout Surface
  ) {
    let plot = chart.split(left: LineChart.gutter).rest
    for x in brush.lowerBound / 2...brush.upperBound / 2 where x >= 0 && x < plot.width {
      surface.put("=", at: Point(x: plot.x + x, y: plot.y), role: "chart.cursor")
    }
  }

  /// The small charts; all metrics if these are asked for.
  static func drawSmall(_ state: State, in rects: [Rect], _ surface: inout Surface) {
    let charts = state.ownCurves?.small ?? []
    for (place, rect) in rects.enumerated() {
      let chart = place < charts.count ? charts[place] : nil
      if state.showsAll, chart == nil { continue }
      let metric =
        chart?.metric ?? (place < RunQuery.usual.count ? RunQuery.usual[place] : "")
      let value = chart?.last.map { " " + Format.significant($0.value, 3) } ?? ""
      let isChosen =
        state.showsAll && state.grid.selection < state.metrics.count
        && state.metrics[state.grid.selection] == metric
      surface.panel(rect, name(of: metric) + value, isFocused: isChosen) { inner, surface in
        guard let curves = state.ownCurves, let chart, !chart.isEmpty else { return }
        let isLog = state.showsAll && state.isLogarithmic
        LineChart(
          series: series(chart, surface.theme, from: state.showsAll ? 0 : place + 2),
          marks: state.showsAll ? marks(curves, curves.smallEdges, surface.theme) : [],
          labels: curves.smallTicks.map { LineChart.Label(column: $0.column, text: $0.text) },
          scale: isLog ? .log : .linear,
          range: isLog || state.showsPeaks ? nil : AxisRange(of: chart.columns).range
        ).draw(in: inner, on: &surface)
      }
    }
  }
}
