import Base
public import Lab

/// Follows a run of this host or another until it ends.
public struct RunFollower: Sendable {
  /// What is new since the last look.
  public struct Sight: Sendable {
    public let summary: RunSummary
    public let events: [RunEvent]
  }

  private let experiment: Experiment
  private let interval: Double
  private let patience: Double

  /// - Parameters:
  ///   - every: seconds between two looks.
  ///   - patience: seconds after which a run that has not begun counts as silent.
  public init(_ experiment: Experiment, every: Double, patience: Double) {
    self.experiment = experiment
    interval = every
    self.patience = patience
  }

  /// Looks again and again until the run has ended, its process is gone, or nothing begins.
  ///
  /// - Parameters:
  ///   - isEnough: asked after each look whether to follow no further.
  ///   - see: told whenever something new was read.
  /// - Returns: where it ended; a state that is not an end is that of a run that fell silent.
  public func follow(
    until isEnough: (RunSummary) -> Bool = { _ in false }, _ see: (Sight) -> Void
  ) -> RunSummary {
    var reader = RunReader(experiment.folder.run)
    var seen = 0
    let start = monotonicSeconds()
    var last: RunSummary?
    while true {
      // The state first: a run that ends between the two looks is looked at again.
      let before = state(reader)
      let isNew = reader.refresh()
      let summary = RunSummary(reader, state: state(reader))
      if isNew || summary.state != last?.state {
        see(Sight(summary: summary, events: Array(reader.events.dropFirst(seen))))
        seen = reader.events.count
      }
      last = summary
      if isEnough(summary) { return summary }
      switch summary.state {
      case .running, .paused: break
      case .created where monotonicSeconds() - start < patience: break
      default: if before == summary.state { return summary }
      }
      sleep(seconds: interval)
    }
  }

  private func state(_ reader: RunReader) -> RunState {
    .of(
      experiment.folder, declared: .created, hasRecord: reader.hasRecord,
      lastWord: reader.lastWord)
  }
}
