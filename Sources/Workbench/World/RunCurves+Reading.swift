import Base
import Lab
import Terminal
import Workflows

extension RunCurves {
  /// Sums up what has been read of a run in the columns that the query asks for.
  init(_ reader: borrowing RunReader, _ query: RunQuery) {
    let lastStep = reader.lastStep ?? 0
    let range = query.window.range(lastStep: lastStep)
    let loss = reader["loss"]
    number = query.number
    self.range = range
    self.lastStep = lastStep
    self.loss = Curve(loss, range, query.columns)
    validation = Curve(reader["validation_loss"], range, query.columns)
    superseded = Self.columns(reader.superseded("loss"), range, query.columns)
    learningRate = Curve(reader["learning_rate"], range, query.smallColumns)
    gradientNorm = Curve(reader["gradient_norm"], range, query.smallColumns)
    tokensPerSecond = Curve(reader["tokens_per_second"], range, query.smallColumns)
    tokens = reader["tokens"]?.last
    secondsPerStep = Self.pace(reader.times)
    events = Self.rows(copy reader)
    problems = reader.problems
  }

  /// The events, newest first; a spike leads to what was found at its step.
  private static func rows(_ reader: RunReader) -> [EventRow] {
    // Those on the disk: of what the events tell of, some is gone by now.
    let saved = ExperimentFolder(reader.folder.parent).checkpointSteps()
    let findings = Dictionary(
      SpikeFinding.all(reader, checkpoints: saved).map { ($0.event.step, $0) },
      uniquingKeysWith: { $1 })
    return reader.events.reversed().map { event in
      let finding = findings[event.step].flatMap {
        event.kind == .spike || $0.event == event ? $0 : nil
      }
      return EventRow(
        step: event.step, kind: event.kind, text: event.text, time: event.time.short,
        isSuperseded: event.isSuperseded, why: finding?.lines ?? [],
        checkpoint: finding?.checkpoint)
    }
  }

  /// Seconds from step to step over the last hundred.
  private static func pace(_ times: Lab.Series) -> Double? {
    let count = min(100, times.count - 1)
    guard count > 0 else { return nil }
    let (first, last) = (times.count - 1 - count, times.count - 1)
    let steps = times.steps.step(at: last) - times.steps.step(at: first)
    let seconds = times.values[last] - times.values[first]
    return steps > 0 && seconds > 0 ? seconds / Double(steps) : nil
  }

  /// Points in columns; a gap between two stretches stays a gap.
  private static func columns(
    _ points: [Lab.Point], _ range: Range<Int>, _ count: Int
  ) -> Columns {
    var columns = Columns(repeating: nil, count: max(0, count))
    var last: (column: Int, step: Int)?
    for point in points.sorted(by: { $0.step < $1.step })
    where range.contains(point.step) && count > 0 {
      let column = (point.step - range.lowerBound) * count / range.count
      if let last, column > last.column + 1,
        point.step - last.step > 2 * max(1, range.count / count)
      {
        columns[last.column + 1] = LineChart.Column(minimum: .infinity, maximum: -.infinity)
      }
      last = (column, point.step)
      let isFinite = point.value.isFinite
      let before = columns[column]
      columns[column] = LineChart.Column(
        minimum: min(before?.minimum ?? .infinity, isFinite ? point.value : .infinity),
        maximum: max(before?.maximum ?? -.infinity, isFinite ? point.value : -.infinity),
        nonFinite: (before?.nonFinite ?? 0) + (isFinite ? 0 : 1))
    }
    return columns
  }
}

extension RunCurves.Curve {
  /// A metric in columns; nothing if the run has none of it.
  init(_ series: Lab.Series?, _ range: Range<Int>, _ count: Int) {
    last = series?.last.map { Measure($0) }
    columns = (series?.columns(range, count: count) ?? []).map { bin in
      guard !bin.isEmpty else { return nil }
      return LineChart.Column(
        minimum: bin.minimum, maximum: bin.maximum, nonFinite: bin.nonFinite)
    }
    if columns.isEmpty { columns = Array(repeating: nil, count: max(0, count)) }
  }
}
