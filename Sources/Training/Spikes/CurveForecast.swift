/// Foretells the next value of a curve from past ones alone.
///
/// A straight line through the newest ``span`` accepted values is drawn one step further, and never below the
/// lowest of them; with fewer than ``fewest`` it is their mean. The spread is that of the forecast's own past
/// errors e, so that what the line cannot follow widens it, and a step of the level hardly does:
///
///     m = 1.4826 · median |e|,   σ² = mean(min(e², (2.5·m)²)) / 0.9775
///
/// Cut at 2.5 m, normal errors keep 0.9775 of their variance; σ then varies half as much as m from window to
/// window, and lags as little.
public struct CurveForecast: Equatable, Sendable {
  /// The newest values a line is drawn through.
  static let span = 64
  /// Values a line needs.
  static let fewest = 12
  /// So many errors in a row beyond σ on the same side mean that the level moved: older values are forgotten.
  static let run = 6

  /// Errors kept.
  let window: Int
  /// Accepted values, oldest first; at most ``span``.
  public private(set) var values: [Double]
  /// What values came to less what was expected of them, oldest first.
  public private(set) var errors: [Double]
  /// σ of the errors, and the line's next point with its slope.
  private var deviation: Double
  private var point: Double?
  private var slope = 0.0

  /// A forecast that goes on from what an earlier one had seen.
  public init(window: Int, values: [Double] = [], errors: [Double] = []) {
    self.window = window
    self.values = values.suffix(Self.span)
    self.errors = errors.suffix(window)
    deviation = Self.deviation(of: self.errors)
    drawLine()
  }

  /// What is expected of the next value, and the robust standard deviation around it.
  struct Expectation: Equatable, Sendable {
    let value: Double
    /// What the curve gains a step.
    let slope: Double
    let deviation: Double
  }

  /// The expectation of the next value; `nil` while fewer than ``fewest`` errors are known.
  var expectation: Expectation? {
    guard errors.count >= Self.fewest, let point else { return nil }
    let full = 1 + Self.extrapolationVariance(Self.span)
    let widening = ((1 + Self.extrapolationVariance(values.count)) / full).squareRoot()
    return Expectation(
      value: point, slope: slope, deviation: deviation * max(1, widening))
  }

  /// Takes in a value.
  mutating func accept(_ value: Double) {
    if let point, values.count >= Self.fewest || !errors.isEmpty {
      errors.append(value - point)
      if errors.count > window { errors.removeFirst(errors.count - window) }
      deviation = Self.deviation(of: errors)
    }
    values.append(value)
    if values.count > Self.span { values.removeFirst(values.count - Self.span) }
    forgetOldLevel()
    drawLine()
  }

  /// Begins anew at another level; the spread stays known.
  mutating func restart(at values: [Double]) {
    self.values = values.suffix(Self.span)
    drawLine()
  }

  private mutating func forgetOldLevel() {
    guard errors.count >= 2 * Self.fewest, values.count > Self.run else { return }
    let (newest, limit) = (errors.suffix(Self.run), deviation)
    guard newest.allSatisfy({ $0 > limit }) || newest.allSatisfy({ $0 < -limit }) else { return }
    values.removeFirst(values.count - Self.run)
  }

  private static func deviation(of errors: [Double]) -> Double {
    guard !errors.isEmpty else { return .infinity }
    let limit = 2.5 * 1.4826 * median(errors.map { abs($0) })
    let sum = errors.reduce(0) { $0 + min($1 * $1, limit * limit) }
    return (sum / Double(errors.count) / 0.9775).squareRoot()
  }

  private mutating func drawLine() {
    (point, slope) = (nil, 0)
    guard let lowest = values.min() else { return }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    guard values.count >= Self.fewest else {
      point = mean
      return
    }
    let middle = (count - 1) / 2
    var covariance = 0.0
    for (index, value) in values.enumerated() {
      covariance += (Double(index) - middle) * (value - mean)
    }
    let variance = count * (count * count - 1) / 12
    slope = covariance / variance
    point = max(mean + slope * (count - middle), lowest)
  }

  /// The variance of the point foretold from so many values of variance 1.
  private static func extrapolationVariance(_ count: Int) -> Double {
    (count < fewest ? 1 : 4) / Double(max(1, count))
  }
}

/// The middle value; the mean of the two middle ones of an even count.
func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  let sorted = values.sorted()
  let half = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}
