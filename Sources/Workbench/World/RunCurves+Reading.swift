import Base
import Corpus
import Lab
import Terminal
import Workflows

extension RunCurves {
  /// A run that is laid over another.
  struct Overlay {
    let number: Int
    let letter: String
    let reader: RunReader
  }

  /// Sums up what has been read of a run, and of those laid over it, in the columns that the query asks for.
  init(_ reader: borrowing RunReader, _ query: RunQuery, _ overlays: [Overlay] = []) {
    let extents = [RunExtent(reader)] + overlays.map { RunExtent($0.reader) }
    let scale = RunScale(query.axis, query.window, count: query.columns, extents)
    let smallScale = RunScale(query.axis, query.window, count: query.smallColumns, extents)
    let edges = extents.map { scale.edges($0) }
    let smallEdges = extents.map { smallScale.edges($0) }
    number = query.number
    lastStep = extents[0].lastStep
    range = (edges[0].first ?? 0)..<max(1, edges[0].last ?? 1)
    self.edges = edges[0]
    self.smallEdges = smallEdges[0]
    ticks = scale.ticks
    smallTicks = smallScale.ticks.filter { $0.column == 0 || $0.column == query.smallColumns - 1 }
    metrics = reader.metrics
    let own = copy reader
    main = Chart(query.metric, own, overlays, edges, query)
    small = query.smallMetrics.map { Chart($0, own, overlays, smallEdges, query) }
    cursor = query.cursor
    readings = query.cursor.map { Self.readings(at: $0, own, overlays, query) } ?? []
    tokens = reader["tokens"]?.last
    secondsPerStep = Self.pace(reader.times)
    events = Self.rows(own)
    problems = reader.problems
  }

  /// What all runs have at a step, or last had before it.
  private static func readings(
    at step: Int, _ reader: RunReader, _ overlays: [Overlay], _ query: RunQuery
  ) -> [Reading] {
    let extent = RunExtent(reader)
    let place = extent.value(query.axis, step)
    var readings = [Reading(letter: "", name: "step", value: Measure(Double(step)))]
    if query.axis.quantity != .tokens, let tokens = extent.tokens.value(upTo: step) {
      readings.append(Reading(letter: "", name: "tokens", value: Measure(tokens)))
    }
    for name in [query.metric] + companions(of: query.metric, reader) {
      let value = reader[name]?.value(upTo: step)
      readings.append(Reading(letter: "", name: name, value: value.map { Measure($0) }))
    }
    if let series = reader[query.metric],
      let smooth = query.smoothing.values(series, edges: [max(0, step - 1), step + 1]).last
    {
      readings.append(
        Reading(letter: "", name: query.smoothing.rawValue, value: smooth.map { Measure($0) }))
    }
    for overlay in overlays {
      let there = RunExtent(overlay.reader).step(query.axis, reaching: place)
      let value = overlay.reader[query.metric]?.value(upTo: there)
      readings.append(
        Reading(letter: overlay.letter, name: query.metric, value: value.map { Measure($0) }))
    }
    return readings
  }

  /// Metrics that stand in the chart of another: the validation of the loss, as a whole and by domain.
  static func companions(of metric: String, _ reader: RunReader) -> [String] {
    metric == "loss"
      ? reader.metrics.filter { $0 == "validation_loss" || $0.hasPrefix("validation_loss/") } : []
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
        checkpoint: finding?.checkpoint,
        documents: (finding?.documents ?? []).compactMap { DocumentID($0) })
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

}

extension RunCurves.Chart {
  init(
    _ metric: String, _ reader: RunReader, _ overlays: [RunCurves.Overlay], _ edges: [[Int]],
    _ query: RunQuery
  ) {
    self.metric = metric
    let own = reader[metric]
    let summary = own?.summary
    (minimum, maximum) = (summary?.minimum, summary?.maximum)
    nonFinite = summary?.nonFinite ?? 0
    let others = zip(overlays, edges.dropFirst()).map { overlay, edges in
      RunCurves.Line(
        overlay.number, overlay.letter, overlay.reader[metric], edges, query.smoothing)
    }
    var own0 = RunCurves.Line(query.number, "", own, edges[0], query.smoothing)
    nonPositive = own0.columns.count { ($0?.minimum ?? 1) <= 0 }
    if query.isDifference, !others.isEmpty {
      lines = zip(overlays, edges.dropFirst()).map { overlay, theirs in
        .difference(own, edges[0], overlay, overlay.reader[metric], theirs, query)
      }
      return
    }
    superseded = Self.columns(reader.superseded(metric), edges[0])
    own0.last = own?.last.map { Measure($0) }
    let companions = RunCurves.companions(of: metric, reader).enumerated().map { place, name in
      let letter = place == 0 ? "V" : "\(Character(Unicode.Scalar(UInt8(96 + min(place, 26)))))"
      return RunCurves.Line(query.number, letter, reader[name], edges[0], .none)
    }
    lines = [own0] + companions + others
  }

  /// Points in columns; a gap between two stretches stays a gap.
  private static func columns(_ points: [Lab.Point], _ edges: [Int]) -> RunCurves.Columns {
    var columns = RunCurves.Columns(repeating: nil, count: max(0, edges.count - 1))
    guard !points.isEmpty else { return columns }
    var last: (column: Int, step: Int)?
    var column = 0
    for point in points.sorted(by: { $0.step < $1.step })
    where point.step >= edges.first ?? 0 && point.step < edges.last ?? 0 {
      while edges[column + 1] <= point.step { column += 1 }
      let width = max(1, edges[column + 1] - edges[column])
      if let last, column > last.column + 1, point.step - last.step > 2 * width {
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

extension RunCurves.Line {
  /// A metric in columns; nothing if the run has none of it.
  init(
    _ run: Int, _ letter: String, _ series: Lab.Series?, _ edges: [Int], _ smoothing: Smoothing
  ) {
    self.run = run
    self.letter = letter
    last = series?.last.map { Measure($0) }
    columns = (series?.columns(edges: edges) ?? []).map { bin in
      guard !bin.isEmpty else { return nil }
      return LineChart.Column(
        minimum: bin.minimum, maximum: bin.maximum, nonFinite: bin.nonFinite)
    }
    if columns.isEmpty {
      columns = RunCurves.Columns(repeating: nil, count: max(0, edges.count - 1))
    }
    smooth = series.map { smoothing.values($0, edges: edges) } ?? []
  }

  /// The run's newest value in each column less the other's: smoothed if that is asked for.
  static func difference(
    _ own: Lab.Series?, _ edges: [Int], _ overlay: RunCurves.Overlay, _ other: Lab.Series?,
    _ otherEdges: [Int], _ query: RunQuery
  ) -> RunCurves.Line {
    func values(_ series: Lab.Series?, _ edges: [Int]) -> [Double?] {
      guard let series else { return [] }
      guard query.smoothing == .none else { return query.smoothing.values(series, edges: edges) }
      return series.columns(edges: edges).map { $0.hasFinite ? $0.last : nil }
    }
    let pairs = zip(values(own, edges), values(other, otherEdges))
    var columns = pairs.map { mine, theirs -> LineChart.Column? in
      guard let mine, let theirs else { return nil }
      return LineChart.Column(minimum: mine - theirs, maximum: mine - theirs)
    }
    let missing = max(0, edges.count - 1) - columns.count
    columns += RunCurves.Columns(repeating: nil, count: max(0, missing))
    return RunCurves.Line(
      run: overlay.number, letter: overlay.letter, columns: columns,
      last: columns.last { $0 != nil }.flatMap { $0.map { Measure($0.maximum) } })
  }
}
