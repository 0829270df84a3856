public import Base
public import Lab
import Training

/// A run of another tool, watched where it lies while it grows; nothing is taken over.
public struct ForeignWatch {
  /// Something about a step.
  public struct Event: Sendable, Equatable {
    public let step: Int
    public let kind: EventKind
    public let text: String
  }

  /// What is new since the last look.
  public struct Sight: Sendable {
    public let step: Int
    public let loss: Double?
    public let events: [Event]
    public let isNew: Bool
    /// How it ended; `nil`: it may go on.
    public let end: RunState?
  }

  private var source: any ForeignSource
  private var run = ForeignRun()
  private var detector = SpikeDetector(policy: SpikePolicy())
  /// Rows that were observed.
  private var seen = 0
  public private(set) var spikes = 0

  public var tool: String { source.tool }

  /// - Throws: `Failure` if there is no run of a known kind.
  public init(_ path: Path) throws { source = try ForeignSources.open(path) }

  /// Reads what is new; a run that went back is watched anew.
  ///
  /// - Throws: `Failure` if it cannot be read, or there has been nothing of a run in it.
  public mutating func look() throws -> Sight {
    for row in try source.readOn() { run.add(row) }
    let change = run.takeChange(isOver: true)
    if change.rows.startIndex < seen {
      (detector, spikes) = (SpikeDetector(policy: SpikePolicy()), 0)
      for row in run.rows[..<change.rows.startIndex] { _ = observe(row) }
    }
    seen = change.rows.endIndex
    var events: [Event] = []
    for row in change.rows { events += observe(row) }
    return Sight(
      step: run.rows.last?.step ?? 0, loss: run.rows.last { $0.loss != nil }?.loss, events: events,
      isNew: !change.rows.isEmpty, end: end)
  }

  /// How the run ended, if its files tell.
  private var end: RunState? {
    if let status = source.exitStatus { return status == 0 ? .finished : .failed }
    guard let total = source.totalSteps, let last = run.rows.last?.step, last >= total else {
      return nil
    }
    return .finished
  }

  private mutating func observe(_ row: ForeignRun.Row) -> [Event] {
    guard let loss = row.loss else { return [] }
    guard loss.isFinite else {
      return [Event(step: row.step, kind: .error, text: "the loss is not finite")]
    }
    let norm = row.values.last { $0.name == "gradient_norm" }?.value ?? 1
    return detector.observe(loss: loss, gradientNorm: norm, step: row.step).compactMap {
      switch $0 {
      case .high: return nil
      case .spike(let excess):
        spikes += 1
        return Event(step: excess.start, kind: .spike, text: excess.text)
      case .level(let excess):
        return Event(
          step: excess.start, kind: .warning,
          text: "a new level, or the run diverges; \(excess.text)")
      }
    }
  }
}

extension ForeignRun.Row {
  fileprivate var loss: Double? { values.last { $0.name == "loss" }?.value }
}
