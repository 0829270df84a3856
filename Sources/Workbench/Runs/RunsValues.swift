import Base
import Lab
import Terminal

/// The values over the large chart: the newest, or those at the cross-hair.
enum RunsValues {
  typealias State = RunsPane.State

  static func draw(
    _ state: State, _ curves: RunCurves, in rect: Rect, _ surface: inout Surface
  ) {
    var x = rect.x
    /// Puts what fits wholly.
    func put(_ name: String, _ value: String, _ style: Style = .plain) {
      guard x + TextWidth.columns(of: name + " " + value) <= rect.right else { return }
      x += surface.put(name + " ", at: Point(x: x, y: rect.y), role: "ui.text.dim")
      x += surface.put(value, at: Point(x: x, y: rect.y), style: style) + 2
    }
    if state.cursor != nil, state.cursor == curves.cursor {
      for reading in curves.readings {
        let letter = reading.letter.isEmpty ? "" : reading.letter + " "
        put(letter + reading.name, text(reading))
      }
    } else {
      for (place, line) in curves.main.lines.enumerated() {
        put(name(line, state), Format.value(line.last?.value), surface.theme.series(place))
      }
      if let done = progress(state, curves) { put("done", done) }
      if let left = timeLeft(state, curves) { put("left", left) }
      if let tokens = curves.tokens { put("tokens", Format.short(tokens)) }
      if let least = curves.main.minimum { put("least", Format.significant(least, 4)) }
      if let most = curves.main.maximum { put("most", Format.significant(most, 4)) }
    }
    if let problem = curves.problems.first {
      surface.put("! " + problem, at: Point(x: x, y: rect.y), role: "ui.warning")
    }
    guard rect.height > 1 else { return }
    drawSparklines(curves, y: rect.y + 1, &surface)
  }

  private static func text(_ reading: RunCurves.Reading) -> String {
    switch reading.name {
    case "step": Format.count(Int(reading.value?.value ?? 0))
    case "tokens": Format.short(reading.value?.value ?? 0)
    default: Format.value(reading.value?.value)
    }
  }

  private static func name(_ line: RunCurves.Line, _ state: State) -> String {
    if line.letter.isEmpty { return state.metric }
    if line.run != state.selected {
      return "\(line.letter) \(Format.experiment(line.run))"
    }
    return line.letter == "V" ? "V validation" : line.letter
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

  private static let sparkNames = [
    "learning_rate": "rate", "gradient_norm": "gradient", "tokens_per_second": "tok/s",
  ]

  private static func drawSparklines(_ curves: RunCurves, y: Int, _ surface: inout Surface) {
    var x = 0
    for chart in curves.small {
      x += surface.put(
        (sparkNames[chart.metric] ?? chart.metric) + " ", at: Point(x: x, y: y),
        role: "ui.text.dim")
      let values = (chart.lines.first?.columns ?? []).map { $0?.maximum ?? .nan }
      let spark = Sparkline.text(values, columns: RunsLayout.sparkColumns)
      x += surface.put(spark + " ", at: Point(x: x, y: y), style: surface.theme.series(2))
      let value = TextWidth.pad(Format.value(chart.last?.value, 3), to: 7)
      x += surface.put(value, at: Point(x: x, y: y)) + 1
    }
  }
}
