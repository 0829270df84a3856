import Base

/// Finds spikes of the loss and of the gradient norm from past values alone, so that it can hand each step its
/// limits beforehand.
///
/// Two ``SpikeSeries``, one over the losses, one over the logarithms of the gradient norms. A step is high if
/// either is; values that are high, or not finite, do not enter the windows, else the detector would blind
/// itself. Excursions of the two that touch, or come within ``SpikePolicy/cooldown`` steps, are one spike.
public struct SpikeDetector: Equatable, Sendable {
  /// Which curve it was.
  public enum Signal: String, Sendable {
    case loss
    case gradientNorm = "gradient norm"
  }

  /// An excursion as people are told of it.
  public struct Excess: Equatable, Sendable {
    public let signal: Signal
    /// Its first step, and the last above the limit.
    public let start: Int, end: Int
    /// What was expected of its first value, and the most it came to.
    public let expected: Double, peak: Double
    /// How far that is in robust deviations.
    public let deviations: Double
  }

  /// What a step turned out to be.
  public enum Verdict: Equatable, Sendable {
    /// The first value of an excursion; of what kind, later steps will tell.
    case high(Excess)
    /// The curve has come back: it was a spike.
    case spike(Excess)
    /// It has not, and is where the curve runs now.
    case level(Excess)
  }

  /// What a loss and a gradient norm may not exceed.
  public struct Limits: Equatable, Sendable {
    public var loss = Double.infinity
    public var gradientNorm = Double.infinity

    /// Nothing is too high.
    public static let none = Limits()
  }

  public let policy: SpikePolicy
  /// The losses, and the logarithms of the gradient norms.
  public internal(set) var loss: SpikeSeries, norm: SpikeSeries
  /// The last step of the newest spike.
  public internal(set) var lastSpike: Int?
  /// How many of the newest steps in a row were high.
  public internal(set) var highs = 0

  public init(policy: SpikePolicy) {
    self.policy = policy
    loss = SpikeSeries(policy, of: .loss)
    norm = SpikeSeries(policy, of: .gradientNorm)
  }

  /// What the next step may not exceed; float32 numbers, as the device compares with them: both must call the same
  /// step high.
  public var limits: Limits {
    Limits(
      loss: loss.limit.map { Double(Float($0)) } ?? .infinity,
      gradientNorm: norm.limit.map { Double(Float(exponential($0))) } ?? .infinity)
  }

  /// Beyond which the next update is to be left out: none after ``SpikePolicy/patience`` in a row.
  public var updateLimits: Limits { highs < policy.patience ? limits : .none }

  /// The excursion that has not come back yet; that of the loss before that of the gradient norm.
  public var underWay: Excess? {
    loss.excursion.map { Self.excess($0, .loss) }
      ?? norm.excursion.map { Self.excess($0, .gradientNorm) }
  }

  /// Takes in what `step` came to; a value that is not finite tells nothing.
  public mutating func observe(loss: Double, gradientNorm: Double, step: Int) -> [Verdict] {
    guard loss.isFinite, gradientNorm.isFinite else { return [] }
    let limits = limits
    let isHigh = (loss: loss > limits.loss, norm: gradientNorm > limits.gradientNorm)
    highs = isHigh.loss || isHigh.norm ? highs + 1 : 0
    let ofLoss = self.loss.observe(loss, step: step, isHigh: isHigh.loss)
    let ofNorm = norm.observe(
      logarithm(max(gradientNorm, 1e-30)), step: step, isHigh: isHigh.norm)
    return [verdict(ofLoss, .loss), verdict(ofNorm, .gradientNorm)].compactMap { $0 }
  }

  private mutating func verdict(_ verdict: SpikeSeries.Verdict, _ signal: Signal) -> Verdict? {
    switch verdict {
    case .ordinary, .within: return nil
    case .opened(let excursion): return .high(Self.excess(excursion, signal))
    case .level(let excursion): return .level(Self.excess(excursion, signal))
    case .spike(let excursion):
      let isAnother = lastSpike.map { excursion.start - $0 > policy.cooldown } ?? true
      lastSpike = max(excursion.lastHigh, lastSpike ?? 0)
      return isAnother ? .spike(Self.excess(excursion, signal)) : nil
    }
  }

  private static func excess(_ excursion: SpikeSeries.Excursion, _ signal: Signal) -> Excess {
    func told(_ value: Double) -> Double { signal == .loss ? value : exponential(value) }
    return Excess(
      signal: signal, start: excursion.start, end: excursion.lastHigh,
      expected: told(excursion.expected), peak: told(excursion.expected + excursion.peak),
      deviations: excursion.peak / max(excursion.deviation, 1e-12))
  }
}
