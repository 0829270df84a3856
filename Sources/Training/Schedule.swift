import Glibc

/// The learning rate as a pure function of the step.
///
/// Warm-up: lr·(s+1)/W for the steps s < W. After it, with p = (s − W)/(T − W):
/// constant lr; linear lr_min + (1 − p)(lr − lr_min); cosine lr_min + ½(1 + cos πp)(lr − lr_min).
public struct Schedule: Equatable, Sendable {
  /// The shape of the decay.
  public enum Kind: String, CaseIterable, Sendable {
    case constant, linear, cosine
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

  /// Makes a schedule.
  public init(kind: Kind, peak: Double, minimum: Double, warmupSteps: Int, steps: Int) {
    self.kind = kind
    self.peak = peak
    self.minimum = minimum
    self.warmupSteps = warmupSteps
    self.steps = steps
  }

  /// The learning rate of `step`, counted from 0.
  public func learningRate(at step: Int) -> Double {
    if step < warmupSteps { return peak * Double(step + 1) / Double(warmupSteps) }
    let span = Double(max(1, steps - warmupSteps))
    let p = min(1, max(0, Double(step - warmupSteps) / span))
    switch kind {
    case .constant: return peak
    case .linear: return minimum + (1 - p) * (peak - minimum)
    case .cosine: return minimum + 0.5 * (1 + cos(.pi * p)) * (peak - minimum)
    }
  }
}
