import Glibc

/// The learning rate as a pure function of the step.
///
/// Warm-up: lr·(s+1)/W for the steps s < W. After it, with p = (s − W)/(T − W):
///
///     constant             lr
///     linear               lr_min + (1 − p)(lr − lr_min)
///     cosine               lr_min + ½(1 + cos πp)(lr − lr_min)
///     inverse_square_root  max(lr_min, lr·√(W/(s + 1))), W at least 1
///     wsd                  lr up to step T − D, then lr_min + c(r)(lr − lr_min) with r = (s − T + D)/D
///
/// The tail of wsd (warm-up, stable, decay): linear c = 1 − r; cosine ½(1 + cos πr); exponential 2·½^r − 1;
/// minus_square_root 1 − √r (as in Megatron-LM's scheduler).
public struct Schedule: Equatable, Sendable {
  /// The shape of the decay.
  public enum Kind: String, CaseIterable, Sendable {
    case constant, linear, cosine, wsd
    case inverseSquareRoot = "inverse_square_root"
  }

  /// How `wsd` goes down at its end.
  public enum Tail: String, CaseIterable, Sendable {
    case linear, cosine, exponential
    case minusSquareRoot = "minus_square_root"

    /// What is left of the way down at the share `r` of the tail's steps.
    func coefficient(_ r: Double) -> Double {
      switch self {
      case .linear: 1 - r
      case .cosine: 0.5 * (1 + cos(.pi * r))
      case .exponential: 2 * pow(0.5, r) - 1
      case .minusSquareRoot: 1 - r.squareRoot()
      }
    }
  }

  public let kind: Kind
  /// The learning rate at its highest.
  public let peak: Double
  /// The learning rate at the last step.
  public let minimum: Double
  /// Steps of warm-up, W.
  public let warmupSteps: Int
  /// Steps in all, T.
  public let steps: Int
  /// Steps of the tail of `wsd`, D.
  public let decaySteps: Int
  /// The shape of that tail.
  public let tail: Tail

  /// Makes a schedule.
  public init(
    kind: Kind, peak: Double, minimum: Double, warmupSteps: Int, steps: Int, decaySteps: Int = 0,
    tail: Tail = .minusSquareRoot
  ) {
    self.kind = kind
    self.peak = peak
    self.minimum = minimum
    self.warmupSteps = warmupSteps
    self.steps = steps
    self.decaySteps = decaySteps
    self.tail = tail
  }

  /// The learning rate of `step`, counted from 0.
  public func learningRate(at step: Int) -> Double {
    if step < warmupSteps { return peak * Double(step + 1) / Double(warmupSteps) }
    switch kind {
    case .constant: return peak
    case .linear: return minimum + (1 - share(step, from: warmupSteps)) * (peak - minimum)
    case .cosine:
      return minimum + 0.5 * (1 + cos(.pi * share(step, from: warmupSteps))) * (peak - minimum)
    case .wsd:
      let r = share(step, from: steps - decaySteps)
      return minimum + tail.coefficient(r) * (peak - minimum)
    case .inverseSquareRoot:
      let fall = (Double(max(1, warmupSteps)) / Double(step + 1)).squareRoot()
      return max(minimum, peak * min(1, fall))
    }
  }

  /// How far `step` is on the way from `begin` to the end, 0 to 1.
  private func share(_ step: Int, from begin: Int) -> Double {
    min(1, max(0, Double(step - begin) / Double(max(1, steps - begin))))
  }
}
