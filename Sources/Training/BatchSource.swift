public import Models

/// Gives each update its batch: a pure function of the step, so that a run resumes by its number.
public protocol BatchSource: Sendable {
  /// What update `step`, from 0, trains on.
  func batch(at step: Int) throws -> Batch
  /// Where the rows of that batch come from, for people.
  func sources(at step: Int) -> [String]
}
