/// What the step loop needs to know, whether it pre-trains or tunes.
public struct TrainingPlan: Equatable, Sendable {
  /// Updates in all.
  public var steps: Int
  /// Places of a batch, predicted or not.
  public var tokensPerStep: Int
  public var optimizer: TrainingConfiguration.Optimizer
  public var learningRates: Schedule
  /// Updates between two validations; 0: only after the last.
  public var validationEvery: Int
  public var checkpoint: TrainingConfiguration.CheckpointKeys
  public var spike: SpikePolicy
  public var seed: UInt64
  /// Operations of the model's products a token, 3 × forward; 0: not told.
  public var flopsPerToken = 0.0
  /// Operations a second that products of this machine reach; 0: not measured.
  public var productRate = 0.0
  /// Whether a step that is computed again gives the same bits on sound hardware.
  public var isRepeatable = true
  /// Bytes of text that each token id stands for; empty: not told.
  public var tokenBytes: [UInt16] = []

  public init(
    steps: Int, tokensPerStep: Int, optimizer: TrainingConfiguration.Optimizer,
    learningRates: Schedule, validationEvery: Int,
    checkpoint: TrainingConfiguration.CheckpointKeys, spike: SpikePolicy, seed: UInt64
  ) {
    self.steps = steps
    self.tokensPerStep = tokensPerStep
    self.optimizer = optimizer
    self.learningRates = learningRates
    self.validationEvery = validationEvery
    self.checkpoint = checkpoint
    self.spike = spike
    self.seed = seed
  }

  /// The plan of a pre-training.
  public init(_ configuration: TrainingConfiguration) {
    self.init(
      steps: configuration.steps, tokensPerStep: configuration.tokensPerStep,
      optimizer: configuration.optimizer, learningRates: configuration.learningRates,
      validationEvery: configuration.validation.every, checkpoint: configuration.checkpoint,
      spike: configuration.spike, seed: configuration.seed)
    isRepeatable = configuration.fp8 == nil
  }
}
