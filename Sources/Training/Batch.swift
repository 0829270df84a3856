/// What one update trains on: places in rows, one row after another, each with the id read there.
public struct Batch: Equatable, Sendable {
  /// The ids read, `[places]`.
  public var ids: [Int32]
  /// The id to predict at each place, `[places]`; ``ignored`` where none is.
  public var targets: [Int32]
  /// The first place that each place sees, `[places]`: where its row, or its document in the row, begins.
  public var starts: [Int32]
  /// Where the rows come from, for people.
  public var sources: [String]

  /// The target of a place that does not count.
  public static let ignored: Int32 = -100

  public init(ids: [Int32], targets: [Int32], starts: [Int32], sources: [String] = []) {
    precondition(
      ids.count == targets.count && ids.count == starts.count,
      "\(ids.count) ids, \(targets.count) targets, \(starts.count) starts")
    self.ids = ids
    self.targets = targets
    self.starts = starts
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
