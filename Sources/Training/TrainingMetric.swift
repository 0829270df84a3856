/// The name of a metric of a run.
public struct TrainingMetric: RawRepresentable, Hashable, Sendable {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }

  private init(_ name: String) { rawValue = name }

  /// Mean nats over the predicted tokens of the update's batch.
  public static let loss = Self("loss")
  /// Mean nats over the predicted tokens of the held-out documents.
  public static let validationLoss = Self("validation_loss")
  /// Euclidean norm of all gradients before clipping.
  public static let gradientNorm = Self("gradient_norm")
  public static let learningRate = Self("learning_rate")
  public static let tokensPerSecond = Self("tokens_per_second")
  /// Tokens read since the run began.
  public static let tokens = Self("tokens")
  /// e to the loss.
  public static let perplexity = Self("perplexity")
  /// The loss in bits over the bytes of text that the predicted tokens stand for.
  public static let bitsPerByte = Self("bits_per_byte")
  /// Times the training documents have been read.
  public static let epoch = Self("epoch")
  /// Updates left out since the run began, and those of them whose loss or gradient was not finite.
  public static let skipped = Self("skipped")
  public static let nonFinite = Self("non_finite")
  /// Operations of the model's products a second, 3 × forward, and their share of what this machine's products reach.
  public static let modelFLOPs = Self("model_flops_per_second")
  public static let peakShare = Self("peak_share")
  /// ‖Δw‖ / ‖w‖ of the update, over a sample of the weights.
  public static let updateRatio = Self("update_ratio")
  /// Share of Adam's √v̂ below ε, over the same sample.
  public static let belowEpsilon = Self("below_epsilon")
  /// Bytes of the process in memory.
  public static let memory = Self("memory")

  /// Shares of the operands of 8-bit products that were beyond the largest number, and that became zero.
  public static let saturated = Self("fp8/saturated")
  public static let underflow = Self("fp8/underflow")

  /// The gradient's norm in one layer, as `gradient_norm/model.layers.3`.
  public static func gradientNorm(of layer: String) -> Self { Self("gradient_norm/\(layer)") }
  /// The same as ``validationLoss`` over the held-out documents of one subset.
  public static func validationLoss(of subset: String) -> Self { Self("validation_loss/\(subset)") }
}
