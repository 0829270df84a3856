import Base

/// A value and how far chance in the choice of samples may have moved it.
public struct Estimate: Equatable, Sendable {
  public let value: Double
  /// The standard error; `nil` where the samples are too few to know it.
  public let error: Double?

  public init(_ value: Double, error: Double?) {
    self.value = value
    self.error = error
  }

  /// The mean of `scores`; its error is s/√n with s² = Σ(x − mean)²/(n − 1).
  public static func mean(of scores: [Double]) -> Estimate {
    guard !scores.isEmpty else { return Estimate(0, error: nil) }
    let n = Double(scores.count)
    let mean = scores.reduce(0, +) / n
    guard scores.count > 1 else { return Estimate(mean, error: nil) }
    let variance = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    return Estimate(mean, error: (variance / n).squareRoot())
  }

  /// The value of a statistic of `count` samples; its error is the deviation over resamples.
  ///
  /// - Parameter statistic: takes the chosen samples by number.
  public static func bootstrap(
    count: Int, seed: UInt64, resamples: Int = 1000, _ statistic: ([Int]) -> Double
  ) -> Estimate {
    let value = statistic(Array(0..<count))
    guard count > 1 else { return Estimate(value, error: nil) }
    let values = (0..<resamples).map { round in
      let random = CounterRandom(seed: seed, purpose: randomPurpose, step: UInt64(round))
      return statistic((0..<count).map { random.below(count, UInt64($0)) })
    }
    let mean = values.reduce(0, +) / Double(resamples)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(resamples - 1)
    return Estimate(value, error: variance.squareRoot())
  }

  /// Keeps the resampling apart from other uses of the same seed.
  static let randomPurpose: UInt32 = 0x4556_414C
}
