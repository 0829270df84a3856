public import Models

/// Gives each update its batch: a pure function of the step, so that a run resumes by its number.
public protocol BatchSource: Sendable {
  /// What update `step`, from 0, trains on.
  func batch(at step: Int) throws -> Batch
  /// Where the rows of that batch come from, for people.
  func sources(at step: Int) -> [String]
  /// How many documents of each subset that is.
  func subsets(at step: Int) -> [(name: String, documents: Int)]
  /// How often everything has been read after that batch; `nil` if that is not known.
  func epoch(at step: Int) -> Double?
}

extension BatchSource {
  public func subsets(at step: Int) -> [(name: String, documents: Int)] { [] }
  public func epoch(at step: Int) -> Double? { nil }
}
