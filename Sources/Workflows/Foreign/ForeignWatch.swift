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

  private let path: Path
  private var detector = SpikeDetector(policy: SpikePolicy())
  private var seen: [Int] = []
  public private(set) var spikes = 0
  public private(set) var tool = ""

  /// - Throws: `Failure` if there is no run of a known kind.
  public init(_ path: Path) throws {
    self.path = path
    tool = try ForeignRun.read(path).tool
  }

  /// Reads what is new; a run that began anew is watched anew.
  ///
  /// - Throws: `Failure` if it cannot be read any more.
  public mutating func look() throws -> Sight {
    let run = try ForeignRun.read(path)
    let steps = run.rows.map(\.step)
    if !steps.starts(with: seen) {
      (detector, spikes) = (SpikeDetector(policy: SpikePolicy()), 0)
      seen = []
    }
    let new = run.rows.dropFirst(seen.count)
    seen = steps
    var events: [Event] = []
    for row in new { events += observe(row) }
    let loss = run.rows.last { $0.values.contains { $0.name == "loss" } }?.loss
    return Sight(
      step: steps.last ?? 0, loss: loss, events: events, isNew: !new.isEmpty, end: run.end)
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

extension ForeignRun {
  /// How it ended, if its files tell.
  fileprivate var end: RunState? {
    if let exitStatus { return exitStatus == 0 ? .finished : .failed }
    guard let totalSteps, let last = rows.last?.step, last >= totalSteps else { return nil }
    return .finished
  }
}
