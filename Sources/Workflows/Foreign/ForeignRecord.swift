import Base
import Lab
import Training

/// The record of a run that is being taken over, with its spikes.
struct ForeignRecord {
  private struct Told: Hashable {
    var kind: EventKind
    var step: Int
  }

  private let writer: RunWriter
  private var detector = SpikeDetector(policy: SpikePolicy())
  /// What the record tells, so that a run that goes back into an excursion does not tell of it twice.
  private var told: Set<Told> = []
  /// Steps in the record, and the last of them.
  private(set) var steps = 0
  private(set) var lastStep = 0

  var spikes: Int { told.count { $0.kind == .spike } }

  init(_ writer: RunWriter) { self.writer = writer }

  /// Records what has changed in `run`; where that is something already recorded, the run went back.
  ///
  /// - Parameter isOver: whether nothing more comes.
  /// - Throws: `Failure` if the disk refuses.
  mutating func take(_ run: inout ForeignRun, isOver: Bool) throws {
    let change = run.takeChange(isOver: isOver)
    if change.rows.startIndex < steps { try goBack(to: run.rows[..<change.rows.startIndex]) }
    for row in change.late { writer.record(step: row.step, row.values, time: row.time) }
    for row in change.rows {
      writer.record(step: row.step, row.values, time: row.time)
      watch(row)
    }
    steps = change.rows.endIndex
    lastStep = change.rows.last?.step ?? lastStep
    try writer.flush()
  }

  /// Supersedes all that comes after `rows`.
  private mutating func goBack(to rows: ArraySlice<ForeignRun.Row>) throws {
    lastStep = rows.last?.step ?? 0
    try writer.rollBack(to: lastStep)
    told = told.filter { $0.step <= lastStep }
    detector = SpikeDetector(policy: SpikePolicy())
    for row in rows { watch(row) }
  }

  private mutating func watch(_ row: ForeignRun.Row) {
    func value(_ name: String) -> Double? { row.values.last { $0.name == name }?.value }
    guard let loss = value("loss") else { return }
    guard loss.isFinite else {
      return tell(.error, row.step, "the loss is not finite", .null, row)
    }
    for verdict in detector.observe(
      loss: loss, gradientNorm: value("gradient_norm") ?? 1, step: row.step)
    {
      switch verdict {
      case .high: break
      case .spike(let excess): tell(.spike, excess.start, excess.text, excess.data, row)
      case .level(let excess):
        tell(
          .warning, excess.start, "a new level, or the run diverges; \(excess.text)", excess.data,
          row)
      }
    }
  }

  /// Tells once of what a row has shown of `step`.
  private mutating func tell(
    _ kind: EventKind, _ step: Int, _ text: String, _ data: JSON, _ row: ForeignRun.Row
  ) {
    guard told.insert(Told(kind: kind, step: step)).inserted else { return }
    writer.event(kind, step: step, text, data: data, time: row.time)
  }
}
