import Base
public import Generation

/// Log-likelihoods of many texts.
public enum Scoring {
  /// Texts scored between two looks at progress and cancellation.
  private static let piece = 64

  /// The log-likelihood of every id but the first of each sequence, in nats.
  ///
  /// - Throws: `Failure` if the context's cancellation is raised; what the model throws.
  public static func score(
    _ sequences: [[Int32]], with model: some LanguageModel, _ context: WorkContext
  ) throws -> [[Float]] {
    var scores: [[Float]] = []
    scores.reserveCapacity(sequences.count)
    while scores.count < sequences.count {
      guard !context.cancellation.isCancelled else {
        throw Failure("the scoring was stopped", remedy: "Start it again.")
      }
      let end = min(sequences.count, scores.count + piece)
      scores += try model.score(Array(sequences[scores.count..<end]))
      context.progress.update(
        ProgressState(
          stage: "scoring", done: scores.count, total: sequences.count, unit: "lines"))
    }
    return scores
  }
}
