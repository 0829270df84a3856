/// What one update trains on: `batchSize` rows of `sequenceLength` tokens, one after another.
public struct Batch: Equatable, Sendable {
  /// The ids read, `[batchSize · sequenceLength]`.
  public var ids: [Int32]
  /// The id to predict at each place, `[batchSize · sequenceLength]`; ``ignored`` where none is.
  public var targets: [Int32]
  /// Where the rows come from, for people.
  public var sources: [String]

  /// The target of a place that does not count.
  public static let ignored: Int32 = -100

  public init(ids: [Int32], targets: [Int32], sources: [String] = []) {
    precondition(ids.count == targets.count, "\(ids.count) ids but \(targets.count) targets")
    self.ids = ids
    self.targets = targets
    self.sources = sources
  }

  /// The number of predicted tokens.
  public var predicted: Int { targets.reduce(0) { $0 + ($1 == Self.ignored ? 0 : 1) } }
}

/// Gives each update its batch: a pure function of the step, so that a run resumes by its number.
public protocol BatchSource: Sendable {
  /// The batch of `step`, from 0.
  func batch(at step: Int) throws -> Batch
}
