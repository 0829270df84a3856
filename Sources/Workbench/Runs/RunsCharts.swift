import Base
import Lab
import Terminal

/// Draws the curves of the Runs pane.
enum RunsCharts {
  typealias State = RunsPane.State

  static func drawLoss(_ state: State, in rect: Rect, _ surface: inout Surface) {
    surface.panel(rect, title(state), isFocused: state.focus == .curve) { inner, surface in
      guard let curves = state.ownCurves else {
        let text =
          state.selected == nil
          ? "The curves of the chosen run stand here." : "Reading the record ..."
        Paragraph(text, role: "ui.text.dim").draw(in: inner, on: &surface)
        return
      }
      let (values, chart) = inner.split(top: state.size.isWide || inner.height < 9 ? 1 : 2)
      drawValues(state, curves, in: values, &surface)
      guard curves.loss.columns.contains(where: { $0 != nil }) else {
        let text =
          curves.loss.last == nil
          ? "No step is recorded yet." : "No step of this stretch is recorded; 0 shows all."
        Paragraph(text, role: "ui.text.dim").draw(in: chart, on: &surface)
        return
      }
      lossChart(state, curves, surface.theme).draw(in: chart, on: &surface)
    }
  }

  private static func title(_ state: State) -> String {
    guard let run = state.run else { return "Loss" }
    var parts = ["Loss \(run.name)"]
    if state.isLogarithmic { parts.append("log") }
    if state.window.span != nil { parts.append("zoomed") }
    if !state.window.isFollowing { parts.append("not following") }
    if let peak = cutPeak(state) { parts.append("^ up to \(Format.significant(peak, 3))") }
    return parts.joined(separator: ", ")
  }

  /// The curves that share the axis of the loss.
  private static func curves(_ curves: RunCurves) -> [RunCurves.Columns] {
    [curves.loss.columns, curves.validation.columns, curves.superseded]
  }

  /// Whether the loss has peaks that would flatten the curve if the axis reached up to them.
  static func hasPeaks(_ state: State) -> Bool {
    state.ownCurves.map { AxisRange(of: curves($0)).isCut } ?? false
  }

  /// The highest loss above the axis; `nil` if none is.
  private static func cutPeak(_ state: State) -> Double? {
    guard let own = state.ownCurves, cutsPeaks(state), hasPeaks(state) else { return nil }
    return curves(own).joined().compactMap { $0.flatMap { $0.maximum.isFinite ? $0.maximum : nil } }
      .max()
  }

  /// A logarithmic axis has room for peaks.
  private static func cutsPeaks(_ state: State) -> Bool {
    !state.showsPeaks && !state.isLogarithmic
  }

  private static func lossChart(_ state: State, _ curves: RunCurves, _ theme: Theme) -> LineChart {
    var series = [
      LineChart.Series(columns: curves.loss.columns, style: theme.series(0)),
      LineChart.Series(columns: curves.validation.columns, style: theme.series(1), letter: "V"),
    ]
    if curves.superseded.contains(where: { $0 != nil }) {
      series.append(LineChart.Series(columns: curves.superseded, isSuperseded: true))
    }
    let marks = curves.events.compactMap { event -> LineChart.Mark? in
      guard let mark = event.kind.mark, let column = curves.column(of: event.step) else {
        return nil
      }
      return LineChart.Mark(
        column: column, sign: theme.glyph(mark.role, else: mark.sign),
        role: event.isSuperseded ? "chart.superseded" : mark.role)
    }
    // A spike's sign wins over the others of its cell: it is drawn last.
    let ordered =
      marks.filter { $0.role != "chart.spike" } + marks.filter { $0.role == "chart.spike" }
    return LineChart(
      series: series, marks: ordered, labels: labels(curves),
      scale: state.isLogarithmic ? .log : .linear,
      range: cutsPeaks(state) ? AxisRange(of: Self.curves(curves)).range : nil,
      cursor: cursor(state, curves))
  }

  private static func labels(_ curves: RunCurves) -> [LineChart.Label] {
    let steps = (0...4).map { curves.range.lowerBound + (curves.range.count - 1) * $0 / 4 }
    // Where there are only a few steps some would be named twice.
    return Set(steps).sorted().compactMap { step in
      curves.column(of: step).map { LineChart.Label(column: $0, text: Format.count(step)) }
    }
  }

  /// A cross-hair at the chosen event, while the events have the keys.
  private static func cursor(_ state: State, _ curves: RunCurves) -> Int? {
    guard state.focus == .events, curves.events.indices.contains(state.events.selection) else {
      return nil
    }
    return curves.column(of: curves.events[state.events.selection].step)
  }

  // MARK: Values

  private static func drawValues(
    _ state: State, _ curves: RunCurves, in rect: Rect, _ surface: inout Surface
  ) {
    var x = rect.x
    /// Puts what fits wholly.
    func put(_ name: String, _ value: String, _ style: Style = .plain) {
      guard x + TextWidth.columns(of: name + " " + value) <= rect.right else { return }
      x += surface.put(name + " ", at: Point(x: x, y: rect.y), role: "ui.text.dim")
      x += surface.put(value, at: Point(x: x, y: rect.y), style: style) + 2
    }
    put("loss", Format.value(curves.loss.last?.value), surface.theme.series(0))
    put("V validation", Format.value(curves.validation.last?.value), surface.theme.series(1))
    if let done = progress(state, curves) { put("done", done) }
    if let left = timeLeft(state, curves) { put("left", left) }
    if let tokens = curves.tokens { put("tokens", Format.short(tokens)) }
    if let problem = curves.problems.first {
      surface.put("! " + problem, at: Point(x: x, y: rect.y), role: "ui.warning")
    }
    guard rect.height > 1 else { return }
    drawSparklines(curves, y: rect.y + 1, &surface)
  }

  private static func progress(_ state: State, _ curves: RunCurves) -> String? {
    guard let total = state.run?.totalSteps, total > 0 else { return nil }
    return "\(Int((100 * Double(curves.lastStep) / Double(total)).rounded(.down)))%"
  }

  private static func timeLeft(_ state: State, _ curves: RunCurves) -> String? {
    guard let run = state.run, run.state == .running, let total = run.totalSteps,
      let seconds = curves.secondsPerStep, total > curves.lastStep
    else { return nil }
    return Format.duration(Double(total - curves.lastStep) * seconds)
  }

  private static func drawSparklines(_ curves: RunCurves, y: Int, _ surface: inout Surface) {
    var x = 0
    for (name, curve) in small(curves) {
      x += surface.put(name + " ", at: Point(x: x, y: y), role: "ui.text.dim")
      let values = curve.columns.map { $0?.maximum ?? .nan }
      let spark = Sparkline.text(values, columns: RunsLayout.sparkColumns)
      x += surface.put(spark + " ", at: Point(x: x, y: y), style: surface.theme.series(2))
      let value = TextWidth.pad(Format.value(curve.last?.value, 3), to: 7)
      x += surface.put(value, at: Point(x: x, y: y)) + 1
    }
  }

  private static func small(_ curves: RunCurves) -> [(name: String, curve: RunCurves.Curve)] {
    [
      ("rate", curves.learningRate), ("gradient", curves.gradientNorm),
      ("tok/s", curves.tokensPerSecond),
    ]
  }

  static func drawSmall(_ state: State, in rects: [Rect], _ surface: inout Surface) {
    let names = ["Learning rate", "Gradient norm", "Tokens a second"]
    let curves = state.ownCurves
    for ((rect, name), (place, _)) in zip(zip(rects, names), rects.enumerated()) {
      let curve = curves.map { small($0)[place].curve }
      let value = curve?.last.map { " " + Format.significant($0.value, 3) } ?? ""
      surface.panel(rect, name + value) { inner, surface in
        guard let curves, let curve, curve.columns.contains(where: { $0 != nil }) else { return }
        let count = max(1, curve.columns.count)
        LineChart(
          series: [
            LineChart.Series(columns: curve.columns, style: surface.theme.series(place + 2))
          ],
          labels: [
            LineChart.Label(column: 0, text: Format.count(curves.range.lowerBound)),
            LineChart.Label(
              column: (curves.range.count - 1) * count / curves.range.count,
              text: Format.count(curves.range.upperBound - 1)),
          ], range: AxisRange(of: [curve.columns]).range
        ).draw(in: inner, on: &surface)
      }
    }
  }
}
