import Base
import Lab

/// The horizontal axis of a query on a run: where its dot columns begin, in steps.
///
/// Several runs share one scale, so that their curves can be laid over each other whatever the axis is.
struct RunScale {
  let axis: HorizontalAxis
  let low, high: Double
  let count: Int

  /// The axis over the steps that the window shows, or over all steps of all runs if that shows everything.
  init(_ axis: HorizontalAxis, _ window: StepWindow, count: Int, _ extents: [RunExtent]) {
    self.axis = axis
    self.count = max(0, count)
    guard let first = extents.first else {
      (low, high) = (0, 1)
      return
    }
    let range = window.range(lastStep: first.lastStep)
    let own =
      window.span == nil
      ? extents.map { ($0.value(axis, 0), $0.value(axis, $0.lastStep + 1)) }
      : [(first.value(axis, range.lowerBound), first.value(axis, range.upperBound))]
    var lowest = own.map(\.0).min() ?? 0
    let highest = own.map(\.1).max() ?? 1
    // A logarithmic axis begins at the first value above zero.
    if axis.isLogarithmic {
      lowest = max(lowest, extents.map { $0.value(axis, 1) }.filter { $0 > 0 }.min() ?? 1)
    }
    low = lowest
    high = max(highest, lowest.nextUp)
  }

  /// The value at the left edge of a dot column; of `count`, at the right end.
  func value(at column: Int) -> Double {
    let share = Double(column) / Double(max(1, count))
    guard axis.isLogarithmic else { return low + (high - low) * share }
    return exponential(logarithm(low) + (logarithm(high) - logarithm(low)) * share)
  }

  /// The steps at which the columns begin in a run, and the one after the last.
  func edges(_ extent: RunExtent) -> [Int] {
    guard count > 0 else { return [] }
    var least = 0
    return (0...count).map { column in
      let value = column == count ? high : value(at: column)
      least = max(least, extent.step(axis, reaching: value))
      return least
    }
  }

  /// Where labels stand, about every twelve dot columns in ten, and what they say.
  var ticks: [RunCurves.Tick] {
    guard count > 0 else { return [] }
    var ticks: [RunCurves.Tick] = []
    for part in 0...4 {
      let column = (count - 1) * part / 4
      let value =
        axis.quantity == .step ? self.value(at: column).rounded(.up) : self.value(at: column)
      // The last column ends at the newest step, which is what is looked for there.
      let shown = part == 4 && axis.quantity == .step ? high - 1 : value
      let tick = RunCurves.Tick(column: column, text: axis.text(shown))
      if ticks.last?.text != tick.text, ticks.last?.column != column { ticks.append(tick) }
    }
    return ticks
  }
}

/// How far a run has come, by each quantity an axis may have.
struct RunExtent {
  let lastStep: Int
  let tokens, times: Lab.Series

  init(_ reader: borrowing RunReader) {
    lastStep = reader.lastStep ?? 0
    tokens = reader["tokens"] ?? Lab.Series()
    times = reader.times
  }

  /// What the axis has at a step; after the last, a little more than there.
  func value(_ axis: HorizontalAxis, _ step: Int) -> Double {
    switch axis.quantity {
    case .step: Double(step)
    case .tokens: after(tokens.value(upTo: step) ?? 0, step)
    case .time: after((times.value(upTo: step) ?? start) - start, step)
    }
  }

  /// The first step at which the axis has at least `value`; the one after the last if it never has.
  func step(_ axis: HorizontalAxis, reaching value: Double) -> Int {
    switch axis.quantity {
    // A share of the axis that should be whole may come out a little above.
    case .step: Int(max(0, min((value * (1 - 1e-12)).rounded(.up), Double(lastStep) + 1)))
    case .tokens: tokens.firstStep(reaching: value) ?? lastStep + 1
    case .time: times.firstStep(reaching: value + start) ?? lastStep + 1
    }
  }

  private func after(_ value: Double, _ step: Int) -> Double {
    step > lastStep ? value.nextUp : value
  }

  private var start: Double { times.values.first ?? 0 }
}
