/// The spike score of a curve: the share of its points that lie 7 standard deviations or more above the mean of the
/// 1,000 points before (OLMo 2, arXiv 2501.00656).
///
/// The first ``fewest`` points have no score; until 1,000 are there, all that came before count.
public struct SpikeScore: Sendable {
  static let window = 1000
  static let deviations = 7.0
  static let fewest = 100

  private var values: [Double] = []
  private var next = 0
  private var sum = 0.0, squares = 0.0
  /// Subtracted from each value, so that squares of nearly equal numbers do not cancel.
  private var origin: Double?
  private var spikes = 0, points = 0

  public init() {}

  /// Takes in the next point; one that is not finite is none.
  public mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    let first = origin ?? value
    origin = first
    let value = value - first
    if values.count >= Self.fewest {
      let count = Double(values.count)
      let mean = sum / count
      let variance = max(0, squares / count - mean * mean)
      points += 1
      if value - mean >= Self.deviations * variance.squareRoot(), value > mean { spikes += 1 }
    }
    if values.count < Self.window {
      values.append(value)
    } else {
      sum -= values[next]
      squares -= values[next] * values[next]
      values[next] = value
      next = (next + 1) % Self.window
    }
    sum += value
    squares += value * value
  }

  /// From 0 to 1; `nil` while too few points are there.
  public var share: Double? { points > 0 ? Double(spikes) / Double(points) : nil }
}
