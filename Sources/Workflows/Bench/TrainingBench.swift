import Base
import Models
public import Tensors
import Training

/// Times the trainer's own step on seeded random weights and one fixed seeded batch.
public struct TrainingBench: Sendable {
  /// Updates before the clock counts.
  static let uncounted = 3

  public let shape: BenchShape
  public let precision: Precision
  /// Updates that are timed.
  public let steps: Int

  /// A bench of `steps` timed updates.
  public init(shape: BenchShape, precision: Precision, steps: Int) {
    self.shape = shape
    self.precision = precision
    self.steps = steps
  }

  /// What the updates came to.
  public struct Steps: Sendable {
    /// Of each timed update.
    public let seconds: [Double]
    /// The loss of the first update, and of the last.
    public let lossFirst, lossLast: Double
    /// The share of the timed updates that measuring took.
    public let measuringShare: Double
    /// Resident memory at its highest so far.
    public let peakBytes: Int
    /// A line a kind of verb, of the timed updates; empty unless asked for.
    public let profile: [VerbProfile]
  }

  /// What it found.
  public struct Report: Sendable {
    public let steps: Steps
    public let device: String
    /// Of the median update.
    public let secondsPerStep: Double
    public let tokensPerSecond, modelFLOPsPerSecond: Double
    /// What products of matrices alone reach.
    public let productFLOPsPerSecond: Double
    /// The model's operations a second as a share of ``productFLOPsPerSecond``.
    public var roofFraction: Double { modelFLOPsPerSecond / productFLOPsPerSecond }
  }

  /// Measures the updates, then the products.
  ///
  /// - Throws: `Failure` if there is not enough memory.
  public func run(profiling: Bool, _ context: WorkContext) throws -> Report {
    let device = try context.device(precision: precision)
    let steps = try measureSteps(on: device, profiling: profiling)
    let median = steps.seconds.sorted()[steps.seconds.count / 2]
    return Report(
      steps: steps, device: device.name, secondsPerStep: median,
      tokensPerSecond: Double(shape.tokens) / median,
      modelFLOPsPerSecond: shape.modelFLOPs / median,
      productFLOPsPerSecond: try ProductRoof.measure(on: device, clock: monotonicSeconds))
  }

  /// Runs the updates.
  func measureSteps(on device: any Device, profiling: Bool) throws -> Steps {
    let model = Llama(shape.config)
    let parameters = try model.initialise(on: device, seed: 1)
    let program = try TrainingProgram(model, parameters, capacity: shape.tokens)
    let optimizer = try Optimizer(.adamw, parameters, loss: program.loss)
    let recorder = BenchRecorder()
    let trainer = try trainer(optimizer, program, recorder, profiling: profiling)
    var seconds: [Double] = []
    var measuring = 0.0
    for step in 0..<Self.uncounted + steps {
      if step == Self.uncounted {
        recorder.forget()
        measuring = trainer.measuringSeconds
      }
      let start = monotonicSeconds()
      try trainer.update()
      if step >= Self.uncounted { seconds.append(monotonicSeconds() - start) }
    }
    return Steps(
      seconds: seconds, lossFirst: recorder.firstLoss, lossLast: trainer.loss ?? .nan,
      measuringShare: (trainer.measuringSeconds - measuring) / seconds.reduce(0, +),
      peakBytes: peakResidentBytes(),
      profile: profiling ? recorder.profile(steps: steps, seconds: seconds.reduce(0, +)) : [])
  }

  private func trainer(
    _ optimizer: Optimizer, _ program: TrainingProgram, _ recorder: BenchRecorder, profiling: Bool
  ) throws -> Trainer {
    let total = Self.uncounted + steps
    let keys = TrainingConfiguration.Optimizer.standard
    let plan = TrainingPlan(
      steps: total, tokensPerStep: shape.tokens, optimizer: keys,
      learningRates: Schedule(
        kind: .constant, peak: keys.learningRate, minimum: 0, warmupSteps: 0, steps: total),
      validationEvery: 0, checkpoint: .standard,
      spike: SpikePolicy(), seed: 1)
    let report: ((VerbTime) -> Void)? = profiling ? { recorder.note($0) } : nil
    let connections = Trainer.Connections(
      accumulate: { batch, _ in
        try program.run(batch, weight: 1 / Double(batch.countedTargets), report: report)
      },
      validate: nil, writeModel: { _, _ in }, observer: recorder, control: recorder)
    return try Trainer(
      plan: plan,
      state: TrainerState(policy: plan.spike, configurationHash: "", tokenizerHash: ""),
      optimizer: optimizer, source: FixedBatch(shape), vocabulary: shape.config.vocabSize,
      checkpoints: Path("."), stage: "bench", connections: connections)
  }
}

/// The same random sequences for every update.
private struct FixedBatch: BatchSource {
  private let batch: Batch

  init(_ shape: BenchShape) {
    let random = CounterRandom(seed: 1, purpose: 0x4245_4E43, step: 0)  // "BENC"
    let length = shape.sequence + 1
    var batch = Batch()
    for sequence in 0..<shape.batch {
      batch.append(
        sequence: (0..<length).map {
          Int32(random.below(shape.config.vocabSize, UInt64(sequence * length + $0)))
        })
    }
    self.batch = batch
  }

  func batch(at step: Int) -> Batch { batch }
  func sources(at step: Int) -> [String] { [] }
}
