/// Finds loss spikes from past losses alone, so that it can hand each step its threshold beforehand.
///
/// Over the last ``Policy/window`` accepted losses a straight line is fitted; the spread around it is
/// σ = 1.4826 · median |residual|. The next loss is a spike when it lies more than
/// max(``Policy/deviations`` · σ, ``Policy/share`` · expected) above the expected value: the line's
/// next point, but never below the lowest loss of the window. Losses that are spikes, or not finite,
/// do not enter the window, else it would blind itself.
///
/// When updates are to be left out, only the first ``skipsInARow`` high losses in a row are: a bad batch is
/// over by then, and weights that are bad themselves get better by learning alone.
public struct SpikeDetector: Equatable, Sendable {
  /// The constants of the rule.
  public struct Policy: Equatable, Sendable {
    /// What to do about a spike.
    public enum Action: String, CaseIterable, Sendable {
      /// Record it.
      case record
      /// Leave the update of that step out, and record it.
      case skip
    }

    /// Losses looked back on.
    public var window = 64
    /// Losses needed before anything counts as a spike.
    public var warmup = 20
    /// Robust standard deviations above the expected loss.
    public var deviations = 6.0
    /// The least excess, as a share of the expected loss.
    public var share = 0.15
    /// Steps after a high loss within which another belongs to the same spike.
    public var cooldown = 10
    public var action = Action.skip

    public init() {}
  }

  /// High losses in a row whose updates may be left out.
  public static let skipsInARow = 3

  public let policy: Policy
  /// Accepted losses, oldest first.
  public private(set) var losses: [Double]
  /// The step at which the spike under way began.
  public private(set) var opened: Int?
  /// The last step whose loss was above its threshold.
  public private(set) var lastHigh: Int?
  /// How many of the newest losses in a row were above their threshold.
  public private(set) var highs: Int

  /// A detector that goes on from what an earlier one had seen.
  public init(
    policy: Policy, losses: [Double] = [], opened: Int? = nil, lastHigh: Int? = nil,
    highs: Int = 0
  ) {
    self.policy = policy
    self.losses = losses
    self.opened = opened
    self.lastHigh = lastHigh
    self.highs = highs
  }

  /// What is expected of the next loss; `nil` during warm-up.
  public struct Expectation: Equatable, Sendable {
    /// The loss expected, in nats.
    public let loss: Double
    /// The robust standard deviation around it.
    public let deviation: Double
    /// The loss above which it is a spike.
    public let threshold: Double
  }

  /// The expectation for the next step.
  public var expectation: Expectation? {
    guard losses.count >= policy.warmup else { return nil }
    let count = Double(losses.count)
    let meanX = (count - 1) / 2
    let meanY = losses.reduce(0, +) / count
    var covariance = 0.0
    var variance = 0.0
    for (index, loss) in losses.enumerated() {
      let x = Double(index) - meanX
      covariance += x * (loss - meanY)
      variance += x * x
    }
    let slope = covariance / variance
    let residuals = losses.enumerated().map { abs($1 - meanY - slope * (Double($0) - meanX)) }
    let deviation = 1.4826 * median(residuals)
    let expected = max(meanY + slope * (count - meanX), losses.min() ?? meanY)
    let threshold = expected + max(policy.deviations * deviation, policy.share * expected)
    // A float32, as the device compares with it: both must call the same loss high.
    return Expectation(
      loss: expected, deviation: deviation, threshold: Double(Float(threshold)))
  }

  /// The loss above which the next update is to be left out; infinite if none is.
  public var lossLimit: Double {
    guard policy.action == .skip, highs < Self.skipsInARow else { return .infinity }
    return expectation?.threshold ?? .infinity
  }

  /// What a loss turned out to be.
  public enum Verdict: Equatable, Sendable {
    case ordinary
    /// The first loss of a spike.
    case spike(Expectation)
    /// Above the threshold, in a spike that was reported.
    case aftershock
    case notFinite
  }

  /// Takes in the loss of `step`.
  ///
  /// A loss that stays high for a whole window is no spike but a new level: the window starts anew.
  public mutating func observe(_ loss: Double, step: Int) -> Verdict {
    guard loss.isFinite else { return .notFinite }
    guard let expectation, loss > expectation.threshold else {
      highs = 0
      losses.append(loss)
      if losses.count > policy.window { losses.removeFirst(losses.count - policy.window) }
      return .ordinary
    }
    highs += 1
    defer { lastHigh = step }
    guard let opened, let lastHigh, step - lastHigh <= policy.cooldown else {
      opened = step
      return .spike(expectation)
    }
    if step - opened >= policy.window {
      losses = []
      self.opened = nil
    }
    return .aftershock
  }
}

/// The middle value; the mean of the two middle ones of an even count.
func median(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return .nan }
  let sorted = values.sorted()
  let half = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}
