/// Watches one curve for excursions, and tells spikes from new levels.
///
/// A value more than max(``SpikePolicy/deviations`` · σ, ``SpikePolicy/share`` · |expected|) above what is expected opens an
/// excursion; of gradient norms, ``SpikePolicy/normDeviations`` count. Whether it is a spike shows only when the curve comes back: each later value y, in σ above the
/// expectation at the opening, is weighed against a level at half the peak, s = peak/2, by the logarithm of
/// their likelihoods,
///
///     S ← max(0, S + s·(s/2 − y)),
///
/// and S > ``certainty`` means back: a spike. One that does not come back within ``SpikePolicy/longest`` values
/// is a new level, or the run diverges: no spike.
public struct SpikeSeries: Equatable, Sendable {
  /// The logarithm of the odds at which a curve counts as back.
  static let certainty = 8.0
  /// What of a trend is left a step later.
  static let damping = 0.95

  /// An excursion under way.
  public struct Excursion: Equatable, Sendable {
    /// The step of its first value.
    public var start: Int
    /// The newest step above the threshold.
    public var lastHigh: Int
    /// What was expected of its first value, and what the curve gained a step before.
    public var expected: Double
    public var slope: Double
    public var deviation: Double
    /// The most it lay above the expectation.
    public var peak: Double
    /// S of the test.
    public var calm = 0.0
    /// Its values, oldest first.
    public var values: [Double]

    /// What is expected of its next value, had nothing happened: the trend goes on, ever less.
    public var base: Double

    /// Goes one step on.
    mutating func extend(by value: Double) {
      let excess = value - base
      values.append(value)
      peak = max(peak, excess)
      let half = peak / deviation / 2
      calm = max(0, calm + half * (half / 2 - excess / deviation))
      slope *= SpikeSeries.damping
      base += slope
    }
  }

  /// What a value turned out to be.
  enum Verdict: Equatable, Sendable {
    case ordinary
    /// The first value of an excursion.
    case opened(Excursion)
    /// A value within one.
    case within
    /// The excursion was a spike.
    case spike(Excursion)
    /// The excursion became the level.
    case level(Excursion)
  }

  public private(set) var forecast: CurveForecast
  public private(set) var excursion: Excursion?
  private let policy: SpikePolicy
  private let signal: SpikeDetector.Signal

  /// The values of a gradient norm are its logarithms.
  init(
    _ policy: SpikePolicy, of signal: SpikeDetector.Signal, forecast: CurveForecast? = nil,
    excursion: Excursion? = nil
  ) {
    self.signal = signal
    self.policy = policy
    self.forecast = forecast ?? CurveForecast(window: policy.window)
    self.excursion = excursion
  }

  /// The value above which the next one is out of order; `nil` in the warm-up.
  var limit: Double? {
    if let excursion { return threshold(excursion.base, excursion.deviation) }
    guard forecast.errors.count + CurveForecast.fewest >= policy.warmup else { return nil }
    return forecast.expectation.map { threshold($0.value, $0.deviation) }
  }

  private func threshold(_ expected: Double, _ deviation: Double) -> Double {
    expected + max(deviations * deviation, least(expected))
  }

  private var deviations: Double {
    signal == .loss ? policy.deviations : policy.normDeviations
  }

  /// The least excess that counts: a share of a value is an amount of its logarithm.
  private func least(_ expected: Double) -> Double {
    policy.share * (signal == .loss ? abs(expected) : 1)
  }

  /// Takes in the finite value of `step`; whether it `isHigh` is for the owner of the limits to say.
  mutating func observe(_ value: Double, step: Int, isHigh: Bool) -> Verdict {
    if excursion != nil { return weigh(value, step: step, isHigh: isHigh) }
    guard isHigh, let expected = forecast.expectation else {
      forecast.accept(value)
      return .ordinary
    }
    let opened = Excursion(
      start: step, lastHigh: step, expected: expected.value, slope: expected.slope,
      deviation: max(expected.deviation, least(expected.value) / deviations),
      peak: value - expected.value, values: [value], base: expected.value + expected.slope)
    excursion = opened
    return .opened(opened)
  }

  private mutating func weigh(_ value: Double, step: Int, isHigh: Bool) -> Verdict {
    guard var open = excursion else { return .ordinary }
    open.extend(by: value)
    if isHigh { open.lastHigh = step }
    if open.calm > Self.certainty {
      excursion = nil
      return .spike(open)
    }
    if open.values.count >= policy.longest {
      forecast.restart(at: open.values.suffix(CurveForecast.fewest))
      excursion = nil
      return .level(open)
    }
    excursion = open
    return .within
  }
}
