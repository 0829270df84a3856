import Base
public import Lab
public import Training

/// Puts what a trainer reports into the record of its run, and brings it what people ask.
///
/// Between Training, which does not know who records, and Lab, which does not know what trains.
public struct RunRecorder: TrainingObserver, TrainingControl {
  private let writer: RunWriter
  private let control: Control
  private let ownership: Ownership
  /// Requests that an earlier process answered, but died before it could remove them.
  private let answered: Set<String>

  /// - Parameter answered: ids of requests that the record answers already.
  public init(
    _ folder: ExperimentFolder, from step: Int, answered: Set<String> = [], ownership: Ownership
  ) throws {
    self.answered = answered
    writer = try RunWriter(folder.run, goingOnFrom: step)
    control = Control(folder.control)
    self.ownership = ownership
  }

  public func metrics(_ values: [(metric: TrainingMetric, value: Double)], step: Int) {
    writer.record(step: step, values.map { ($0.metric.rawValue, $0.value) })
  }

  public func event(_ event: TrainingEvent) {
    writer.event(
      EventKind(rawValue: event.kind.rawValue), step: event.step, event.text, data: event.data)
  }

  public func willCommitCheckpoint() throws {
    try ownership.verify()
    // The curve up to a checkpoint must not be lost when the checkpoint is not.
    try writer.flush(sync: true)
  }

  public func willRollBack(to step: Int) throws {
    try ownership.verify()
    try writer.rollBack(to: step)
  }

  public func pending() throws -> [TrainingRequest] {
    try control.pending().compactMap { request in
      guard !answered.contains(request.id) else {
        try control.finish(request)
        return nil
      }
      return TrainingRequest(Self.wish(request.request), id: request.id)
    }
  }

  public func finish(_ request: TrainingRequest) throws {
    for waiting in try control.pending() where waiting.id == request.id {
      try control.finish(waiting)
    }
  }

  /// Records the end of this process's work.
  func end(_ outcome: RunState, step: Int, _ text: String = "") throws {
    try writer.end(outcome, step: step, text)
  }

  private static func wish(_ request: Request) -> TrainingRequest.Wish {
    switch request {
    case .pause: .pause
    case .continue: .goOn
    case .save: .save
    case .stop: .stop
    case .learningRate(let rate): .learningRate(rate)
    }
  }
}
