public import Base

/// Something that happened in a run.
public struct TrainingEvent: Equatable, Sendable {
  /// The kinds of events, under the names that the command line gives them.
  public enum Kind: String, CaseIterable, Sendable {
    case start, resume, checkpoint, spike, skip, rollback, validation, warning, error, end
    case learningRate = "lr"
    /// Answers to requests.
    case pause, save, stop
    case goOn = "continue"
  }

  public let kind: Kind
  /// Updates done when it happened.
  public let step: Int
  /// What happened, for people.
  public let text: String
  /// The same for programs; null if there is nothing.
  public let data: JSON

  public init(_ kind: Kind, step: Int, _ text: String, data: JSON = .null) {
    self.kind = kind
    self.step = step
    self.text = text
    self.data = data
  }
}

/// Whoever keeps the record of a run. The trainer does not know who.
public protocol TrainingObserver: Sendable {
  /// Values after update `step`, counted from 1.
  func metrics(_ values: [(metric: TrainingMetric, value: Double)], step: Int) throws
  func event(_ event: TrainingEvent) throws
  /// A checkpoint folder is about to get its final name; throws if this process may no longer write.
  func willCommitCheckpoint() throws
  /// The run goes back to `step`: what it reported of later steps counts no more.
  func willRollBack(to step: Int) throws
}

/// What a person asks of a running trainer.
public struct TrainingRequest: Equatable, Sendable {
  /// What can be asked.
  public enum Wish: Equatable, Sendable {
    case pause, goOn, save, stop
    case learningRate(Double)
  }

  public let wish: Wish
  /// The name by which the answering event refers to it.
  public let id: String

  public init(_ wish: Wish, id: String) {
    self.wish = wish
    self.id = id
  }
}

/// Where the requests come from; asked between two updates.
public protocol TrainingControl: Sendable {
  /// The requests that wait, oldest first.
  func pending() throws -> [TrainingRequest]
  /// Removes a request that an event has answered.
  func finish(_ request: TrainingRequest) throws
}
