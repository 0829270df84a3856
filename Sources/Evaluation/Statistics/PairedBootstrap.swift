import Base

/// Whether one model is really better than another on the same samples.
///
/// P. Koehn, "Statistical significance tests for machine translation evaluation", EMNLP 2004: the
/// samples are drawn again and again with replacement, both models scored on each draw.
public struct PairedBootstrap: Equatable, Sendable {
  /// The scores of two models on the same samples of one task, and what its mean counts.
  public struct Group: Sendable {
    public let first: [Double]
    public let second: [Double]
    public let weight: Double

    public init(first: [Double], second: [Double], weight: Double = 1) {
      precondition(first.count == second.count, "\(first.count) scores beside \(second.count)")
      self.first = first
      self.second = second
      self.weight = weight
    }
  }

  /// The first model's value less the second's.
  public let difference: Double
  /// Its standard error.
  public let error: Double
  /// Where it lies with 95% confidence (the 2.5th and 97.5th percentile of the draws).
  public let low: Double, high: Double
  /// The two-sided probability of a difference at least so clear if there were none.
  public let probability: Double

  /// Compares two models on one task.
  public init(_ first: [Double], _ second: [Double], resamples: Int = 10_000, seed: UInt64 = 42) {
    self.init([Group(first: first, second: second)], resamples: resamples, seed: seed)
  }

  /// Compares two models on the weighted sum of the means of several tasks.
  ///
  /// Each task is drawn from for itself, so that a draw has as many samples of each as there are.
  public init(_ groups: [Group], resamples: Int = 10_000, seed: UInt64 = 42) {
    precondition(resamples > 1, "\(resamples) resamples")
    let gains = groups.map { group in zip(group.first, group.second).map { $0 - $1 } }
    func total(_ pick: (_ group: Int, _ sample: Int) -> Int) -> Double {
      var sum = 0.0
      for (index, gains) in gains.enumerated() where !gains.isEmpty {
        var part = 0.0
        for sample in gains.indices { part += gains[pick(index, sample)] }
        sum += groups[index].weight * part / Double(gains.count)
      }
      return sum
    }
    difference = total { _, sample in sample }
    let draws = (0..<resamples).map { round in
      let random = CounterRandom(seed: seed, purpose: Estimate.randomPurpose, step: UInt64(round))
      return total { group, sample in
        random.below(gains[group].count, UInt64(group) << 32 | UInt64(sample))
      }
    }.sorted()
    let mean = draws.reduce(0, +) / Double(resamples)
    let squares = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    error = (squares / Double(resamples - 1)).squareRoot()
    low = draws[Int(0.025 * Double(resamples - 1))]
    high = draws[Int((0.975 * Double(resamples - 1)).rounded(.up))]
    // The observed sample counts as one draw, so that no probability is 0.
    let below = draws.count { $0 <= 0 } + 1
    let above = draws.count { $0 >= 0 } + 1
    probability = min(1, 2 * Double(min(below, above)) / Double(resamples + 1))
  }
}
