public import Base
public import Formats

/// Trains a Unigram vocabulary as SentencePiece does: from many seed pieces, expectation
/// maximisation and pruning in turn.
///
/// Kudo 2018, "Subword Regularization". Of two runs on the same text the results are the same bytes,
/// whatever the number of threads.
public enum UnigramTrainer {
  /// Learns a vocabulary from `documents`.
  ///
  /// - Parameters:
  ///   - documents: whole texts, line breaks included; each is normalised as it will be when encoded.
  ///   - pool: the threads to work on.
  ///   - progress: told the stage and how far it is.
  ///   - cancellation: ends the training with an error when raised.
  /// - Returns: the model, ready to be written or made a ``Tokenizer``.
  /// - Throws: `Failure` for settings that cannot be met, empty text, or cancellation.
  public static func train(
    _ documents: some Sequence<String>, settings: UnigramSettings, pool: ThreadPool = .shared,
    progress: any ProgressReporter = SilentProgress(), cancellation: CancellationFlag? = nil
  ) throws -> SentencePieceModel {
    try settings.validate()
    let text = try TrainingText(
      documents, settings: settings, progress: progress, cancellation: cancellation)
    progress.update(ProgressState(stage: "finding seed pieces", done: 0, unit: "pieces"))
    let seeds = SeedPieces(text, settings: settings, pool: pool)
    var run = Run(text, seeds, settings, pool, progress, cancellation)
    try run.shrink()
    return model(run.chosen(), settings)
  }

  /// A training under way.
  private struct Run {
    let text: TrainingText
    let settings: UnigramSettings
    let pool: ThreadPool
    let progress: any ProgressReporter
    let cancellation: CancellationFlag?
    let statistics: PieceStatistics
    var keys: PieceKeys
    var scores: [Double]

    init(
      _ text: TrainingText, _ seeds: SeedPieces, _ settings: UnigramSettings, _ pool: ThreadPool,
      _ progress: any ProgressReporter, _ cancellation: CancellationFlag?
    ) {
      self.text = text
      self.settings = settings
      self.pool = pool
      self.progress = progress
      self.cancellation = cancellation
      statistics = PieceStatistics(text: text, longest: settings.maximumPieceLength)
      keys = seeds.keys
      scores = seeds.scores
    }

    /// Ids left for learnt pieces.
    var room: Int { settings.vocabularySize - settings.specialPieces.count }

    /// Estimates and prunes until a tenth more pieces are left than there are ids.
    mutating func shrink() throws {
      let target = settings.vocabularySize + settings.vocabularySize / 10
      let rounds = Self.rounds(from: keys.count, to: target, settings.shrinkingFactor)
      var round = 0
      while true {
        var trie = PieceTrie(sorted: keys)
        for step in 0..<settings.subIterations {
          try checkNotCancelled(cancellation)
          let likelihood = estimate(&trie)
          progress.update(
            ProgressState(
              stage: "learning pieces", done: round * settings.subIterations + step + 1,
              total: max(rounds, round + 1) * settings.subIterations, unit: "passes",
              note: "\(keys.count) pieces, \(Format.fixed(-likelihood, 3)) nats/word"))
        }
        guard keys.count > target else { return }
        try checkNotCancelled(cancellation)
        prune(trie, to: target)
        round += 1
      }
    }

    private static func rounds(from count: Int, to target: Int, _ factor: Double) -> Int {
      var left = Double(count), rounds = 1
      while left > Double(target), rounds < 100 {
        left *= factor
        rounds += 1
      }
      return rounds
    }

    /// One pass of expectation maximisation; drops pieces that are hardly expected.
    ///
    /// The digamma function in place of the logarithm is the mean under a Dirichlet prior, which
    /// takes from rare pieces more than from frequent ones.
    private mutating func estimate(_ trie: inout PieceTrie) -> Double {
      trie.assign(
        ids: (0..<Int32(keys.count)).map { $0 }, scores: scores.map { Float(exponential($0)) })
      let (expected, likelihood) = statistics.expectedCounts(trie, count: keys.count, pool: pool)
      let isKept = keys.indices.map { expected[$0] >= 0.5 || keys.length($0) == 1 }
      // A character stays whatever happens, or text with it could not be segmented.
      let counts = keys.indices.filter { isKept[$0] }.map { max(expected[$0], 0.5) }
      let total = digamma(counts.reduce(0, +))
      scores = counts.map { digamma($0) - total }
      if isKept.contains(false) {
        keys = keys.filtered(isKept)
        trie = PieceTrie(sorted: keys)
      }
      return likelihood
    }

    /// Drops the pieces that the text's likelihood needs least.
    private mutating func prune(_ trie: PieceTrie, to target: Int) {
      var trie = trie
      trie.assign(ids: (0..<Int32(keys.count)).map { $0 }, scores: scores.map { Float($0) })
      let losses = Pruning(keys: keys, scores: scores, trie: trie).losses(
        counts: statistics.bestPathCounts(trie, count: keys.count, pool: pool), pool: pool)
      let goal = max(target, Int(Double(keys.count) * settings.shrinkingFactor))
      var isKept = losses.map { $0 == .infinity }
      var left = goal - isKept.count { $0 }
      let byLoss = keys.indices.filter { losses[$0].isFinite }.sorted {
        (losses[$1], $0) < (losses[$0], $1)
      }
      for piece in byLoss where left > 0 {
        isKept[piece] = true
        left -= 1
      }
      scores = keys.indices.filter { isKept[$0] }.map { scores[$0] }
      keys = keys.filtered(isKept)
    }

    /// The final pieces with their scores, the most probable first.
    ///
    /// Scores are rounded to multiples of 2⁻¹⁰, so that sums of them are exact in 32 bits up to a
    /// thousand pieces and more: SentencePiece, which adds in 32 bits, and the tokenizers library,
    /// which adds in 64, then agree on every tie.
    func chosen() -> [(text: String, score: Float)] {
      let lowest = scores.min() ?? 0
      var isChosen = keys.indices.map { keys.length($0) == 1 }
      var left = room - isChosen.count { $0 }
      let byScore = keys.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
      for piece in byScore where !isChosen[piece] && left > 0 {
        isChosen[piece] = true
        left -= 1
      }
      return byScore.filter { isChosen[$0] }.map { piece in
        var spelling = ""
        for symbol in keys[piece] {
          spelling.unicodeScalars.append(Unicode.Scalar(text.scalars[Int(symbol)]) ?? "\u{fffd}")
        }
        return (spelling, Float((max(scores[piece], lowest) * 1024).rounded() / 1024))
      }
    }
  }
}
