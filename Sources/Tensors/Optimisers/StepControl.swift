/// What the host decides about one optimiser step; it reaches the device through a buffer.
public struct StepControl: Sendable, Equatable {
  public var learningRate: Double
  public var beta1 = 0.9
  public var beta2 = 0.95
  /// μ of the rules that have one.
  public var momentum = 0.95
  public var epsilon = 1e-8
  public var weightDecay = 0.1
  /// The gradient norm above which the gradient is scaled down; infinity: never.
  public var clip = 1.0
  /// A loss above this is not learnt from: the step changes nothing.
  public var lossLimit = Double.infinity
  /// A gradient norm above this is not learnt from either.
  public var normLimit = Double.infinity

  /// The usual values at a learning rate.
  public init(learningRate: Double) { self.learningRate = learningRate }

  /// The reals the device reads, in the order of ``Slot``; `step` counts from 1.
  func reals(step: Int) -> InlineArray<11, Float> {
    [
      Float(learningRate), Float(beta1), Float(beta2), Float(epsilon), Float(weightDecay),
      Float(1 - power(beta1, step)), Float(1 - power(beta2, step)), Float(clip), Float(lossLimit),
      Float(normLimit), Float(momentum),
    ]
  }

  /// Where each number lies in the control buffer.
  enum Slot {
    static let learningRate = 0, beta1 = 1, beta2 = 2, epsilon = 3, weightDecay = 4
    static let correction1 = 5, correction2 = 6, clip = 7, lossLimit = 8, normLimit = 9
    static let momentum = 10
    static let count = 11
  }
}

/// What one optimiser step came to.
public struct StepOutcome: Sendable, Equatable {
  /// The loss of the step, nats a counted token.
  public let loss: Double
  /// The norm of the gradient before clipping.
  public let gradientNorm: Double
  /// What the gradient was multiplied by; 0 if the step was skipped.
  public let factor: Double
  /// Whether a limit, or a number that is not finite, kept the step from changing anything.
  public var skipped: Bool { factor == 0 }

  /// Whether loss and gradient are numbers.
  public var isFinite: Bool { loss.isFinite && gradientNorm.isFinite }

  /// Where each number lies in the outcome buffer.
  enum Slot {
    static let loss = 0, norm = 1, factor = 2, count = 3
  }
}

/// base^exponent by squaring: exact enough for 1 − β^t in float64 and free of the C library.
private func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
