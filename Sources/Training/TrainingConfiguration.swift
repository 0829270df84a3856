public import Base
public import Tensors

/// What a training run is made of; `docs/configuration.md` tells every key.
public struct TrainingConfiguration: Equatable, Sendable {
  /// The optimiser and its constants, under the names of their papers.
  public struct Optimizer: Equatable, Sendable {
    public var type = OptimizerRule.adamw
    public var learningRate = 1e-3
    public var beta1 = 0.9
    public var beta2 = 0.95
    /// Of `sgd`, and of `muon` for the matrices it makes orthogonal.
    public var momentum = 0.95
    public var epsilon = 1e-8
    public var weightDecay = 0.1
    /// The gradient norm above which gradients are scaled down to it.
    public var clip = 1.0

    /// What holds where nothing is said.
    public static let standard = Optimizer()
  }

  /// The learning rate over the steps.
  public struct ScheduleKeys: Equatable, Sendable {
    public var type = Schedule.Kind.cosine
    public var warmupSteps = 0
    public var minimumLearningRate = 0.0
    /// Steps of the tail of `wsd`, and its shape.
    public var decaySteps = 0
    public var tail = Schedule.Tail.minusSquareRoot

    /// Why it does not fit a run of so many steps, and the cure; nil: it fits.
    package func misfit(steps: Int) -> (what: String, remedy: String)? {
      let room = steps - warmupSteps
      if room < 0 {
        return (
          "warms up for \(warmupSteps) of \(steps) steps",
          "Set schedule.warmup_steps to \(steps) or less."
        )
      }
      if type == .wsd, !(1...max(1, room)).contains(decaySteps) {
        return (
          "has type wsd and decay_steps \(decaySteps)",
          "Set schedule.decay_steps from 1 to \(max(1, room))."
        )
      }
      return nil
    }

    /// The learning rates of a run of so many steps.
    package func schedule(peak: Double, steps: Int) -> Schedule {
      Schedule(
        kind: type, peak: peak, minimum: minimumLearningRate,
        warmupSteps: min(warmupSteps, steps), steps: steps, decaySteps: min(decaySteps, steps),
        tail: tail)
    }
  }

  /// Which documents are trained on.
  public struct DataKeys: Equatable, Sendable {
    /// NAME or NAME@VERSION of a corpus of the workspace.
    public var corpus = ""
  }

  /// How often the held-out documents are scored.
  public struct Validation: Equatable, Sendable {
    /// Steps between two scorings; 0: only at the end.
    public var every = 0
    /// The subsets of the corpus that hold them: each has a loss of its own.
    public var subsets = ["heldout"]
  }

  /// When checkpoints are written and how many stay.
  public struct CheckpointKeys: Equatable, Sendable {
    /// Steps between two; 0: only at the end.
    public var every = 0
    /// How many of the newest stay; 0: all.
    public var keep = 0
    /// Checkpoints of these multiples stay besides; 0: none.
    public var keepEvery = 0
    /// Whether the one with the lowest validation loss stays besides.
    public var keepBest = false

    /// What holds where nothing is said.
    public static let standard = CheckpointKeys()
  }

  public var steps: Int
  /// Sequences an update.
  public var batchSize: Int
  /// Tokens a sequence.
  public var sequenceLength: Int
  public var seed: UInt64
  public var precision: Precision
  /// How operands of products are rounded to eight bits; `nil`: they are not.
  public var fp8: FP8Recipe?
  /// The model, with the keys of a Hugging Face config.json.
  public var model: JSONObject
  /// NAME or NAME@VERSION of a tokenizer of the workspace.
  public var tokenizer: String
  /// Share of activations dropped after each sub-layer.
  public var dropout: Double
  /// What is added to the loss.
  public var lossTerms: LossTerms
  /// What the backward pass computes again to save memory.
  public var recompute: Recomputation
  public var data: DataKeys
  public var optimizer: Optimizer
  public var schedule: ScheduleKeys
  public var validation: Validation
  public var checkpoint: CheckpointKeys
  public var spike: SpikePolicy
  /// Faults put in on purpose.
  public var inject: [Injection]
  public let places: KeyPlaces

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - file: the name of its file, for error messages.
  ///   - place: where a dotted key was given its value, as `FILE:LINE`.
  /// - Throws: ``Failure`` naming the key that is missing, unknown or out of range.
  public init(
    _ json: JSON, file: String, place: @escaping @Sendable (String) -> String? = { _ in nil }
  ) throws {
    places = KeyPlaces(file: file, place: place)
    var fields = try Fields(json, file: file, place: place)
    steps = try fields.int("steps", in: 1...Self.mostSteps)
    batchSize = try fields.int("batch_size", in: 1...65_536)
    sequenceLength = try fields.int("sequence_length", in: 2...1_048_576)
    seed = UInt64(try fields.int("seed", default: 0))
    precision = try fields.choice("precision", default: Precision.fp32)
    fp8 = try Self.fp8(&fields, precision)
    tokenizer = try fields.string("tokenizer")
    dropout = try fields.double("dropout", in: 0...0.9, default: 0)
    lossTerms = LossTerms(
      z: try fields.double("z_loss", in: 0...1, default: 0),
      smoothing: try fields.double("label_smoothing", in: 0...0.9, default: 0))
    recompute = try fields.choice("recompute", default: Recomputation.none)
    guard let model = fields.json("model")?.object else {
      throw fields.wrong("model", "is no table of keys", remedy: "Give the keys of a config.json.")
    }
    self.model = model
    data = try Self.data(&fields)
    optimizer = try Self.optimizer(&fields)
    schedule = try Self.schedule(&fields)
    validation = try Self.validation(&fields)
    checkpoint = try Self.checkpoint(&fields)
    spike = try Self.spike(&fields)
    inject = try fields.strings("inject", default: []).map { try Injection($0) }
    try fields.finish()
    if let (what, remedy) = schedule.misfit(steps: steps) {
      throw fields.wrong("schedule", what, remedy: remedy)
    }
    try Self.check(schedule, below: optimizer, fields)
    try Self.check(spike, checkpoint, fields)
    if let late = inject.first(where: { $0.step > steps }) {
      throw fields.wrong(
        "inject", "has \(late), but the run has \(steps) steps", remedy: "Name an earlier step.")
    }
  }

  /// The learning rate of each step.
  public var learningRates: Schedule {
    schedule.schedule(peak: optimizer.learningRate, steps: steps)
  }

  /// Tokens an update.
  public var tokensPerStep: Int { batchSize * sequenceLength }
}

extension TrainingConfiguration {
  private static func fp8(_ fields: inout Fields, _ precision: Precision) throws -> FP8Recipe? {
    let name = try fields.string("fp8", default: "none")
    guard name != "none" else { return nil }
    guard let recipe = FP8Recipe(rawValue: name) else {
      let names = FP8Recipe.allCases.map(\.rawValue).joined(separator: ", ")
      throw fields.wrong(
        "fp8", "is '\(Sanitiser.visible(name))'", remedy: "Use none, or one of \(names).")
    }
    guard precision == .fp32 else {
      throw fields.wrong(
        "fp8", "goes with precision fp32 only", remedy: "Set precision to fp32, or fp8 to none.")
    }
    return recipe
  }

  /// The most that a number of steps, or of things that come at most once a step, may be.
  private static let mostSteps = 1_000_000_000

  /// Reads the table under a key over its defaults, and refuses what nobody asks for.
  private static func section<Keys>(
    _ key: String, of top: inout Fields, over defaults: Keys,
    _ read: (inout Keys, inout Fields) throws -> Void
  ) throws -> Keys {
    var fields = try top.fields(key)
    var keys = defaults
    try read(&keys, &fields)
    try fields.finish()
    return keys
  }

  private static func data(_ top: inout Fields) throws -> DataKeys {
    try section("data", of: &top, over: DataKeys()) { keys, fields in
      keys.corpus = try fields.string("corpus")
    }
  }

  package static func optimizer(_ top: inout Fields) throws -> Optimizer {
    try section("optimizer", of: &top, over: Optimizer()) { keys, fields in
      keys.type = try fields.choice("type", default: keys.type)
      keys.learningRate = try fields.double("learning_rate", in: 0...10, default: keys.learningRate)
      keys.beta1 = try fields.double("beta1", in: 0...0.999_999, default: keys.beta1)
      keys.beta2 = try fields.double("beta2", in: 0...0.999_999_9, default: keys.beta2)
      keys.momentum = try fields.double("momentum", in: 0...0.999_999, default: keys.momentum)
      keys.epsilon = try fields.double("epsilon", in: 0...1, default: keys.epsilon)
      keys.weightDecay = try fields.double("weight_decay", in: 0...10, default: keys.weightDecay)
      keys.clip = try fields.double("clip", in: 1e-6...1e6, default: keys.clip)
    }
  }

  package static func schedule(_ top: inout Fields) throws -> ScheduleKeys {
    try section("schedule", of: &top, over: ScheduleKeys()) { keys, fields in
      keys.type = try fields.choice("type", default: keys.type)
      keys.warmupSteps = try fields.int(
        "warmup_steps", in: 0...mostSteps, default: keys.warmupSteps)
      keys.minimumLearningRate = try fields.double(
        "minimum_learning_rate", in: 0...10, default: keys.minimumLearningRate)
      keys.decaySteps = try fields.int("decay_steps", in: 0...mostSteps, default: keys.decaySteps)
      keys.tail = try fields.choice("decay", default: keys.tail)
    }
  }

  /// Refuses a schedule that ends above its peak.
  package static func check(
    _ schedule: ScheduleKeys, below optimizer: Optimizer, _ fields: Fields
  ) throws {
    guard schedule.minimumLearningRate > optimizer.learningRate else { return }
    throw fields.wrong(
      "schedule",
      "goes down to \(schedule.minimumLearningRate), above the learning rate "
        + "\(optimizer.learningRate)", remedy: "Lower schedule.minimum_learning_rate.")
  }

  /// Refuses a plan that goes back to checkpoints of which there are none.
  package static func check(
    _ spike: SpikePolicy, _ checkpoint: CheckpointKeys, _ fields: Fields
  ) throws {
    guard spike.action == .rollback, checkpoint.every == 0 else { return }
    throw fields.wrong(
      "spike.action", "is rollback, but checkpoint.every is 0: there is nothing to go back to",
      remedy: "Set checkpoint.every to less than spike.rollback_steps.")
  }

  private static func validation(_ top: inout Fields) throws -> Validation {
    try section("validation", of: &top, over: Validation()) { keys, fields in
      keys.every = try fields.int("every", in: 0...mostSteps, default: keys.every)
      keys.subsets = try fields.strings("subset", default: keys.subsets)
    }
  }

  package static func checkpoint(_ top: inout Fields) throws -> CheckpointKeys {
    try section("checkpoint", of: &top, over: CheckpointKeys()) { keys, fields in
      keys.every = try fields.int("every", in: 0...mostSteps, default: keys.every)
      keys.keep = try fields.int("keep", in: 0...mostSteps, default: keys.keep)
      keys.keepEvery = try fields.int("keep_every", in: 0...mostSteps, default: keys.keepEvery)
      keys.keepBest = try fields.bool("keep_best", default: keys.keepBest)
    }
  }

  package static func spike(_ top: inout Fields) throws -> SpikePolicy {
    try section("spike", of: &top, over: SpikePolicy()) { keys, fields in
      let window = try fields.int("window", in: 8...4096, default: keys.window)
      keys.window = max(window, SpikePolicy.fewest)
      keys.warmup = try fields.int("warmup", in: 4...4096, default: keys.warmup)
      keys.deviations = try fields.double("deviations", in: 1...1000, default: keys.deviations)
      keys.normDeviations = try fields.double(
        "norm_deviations", in: 1...1000, default: keys.normDeviations)
      keys.share = try fields.double("share", in: 0...100, default: keys.share)
      keys.cooldown = try fields.int("cooldown", in: 1...100_000, default: keys.cooldown)
      keys.longest = try fields.int("longest", in: 2...4096, default: keys.longest)
      keys.action = try fields.choice("action", default: keys.action)
      keys.patience = try fields.int("patience", in: 1...1000, default: keys.patience)
      keys.rateFactor = try fields.double("lr_factor", in: 0...1, default: keys.rateFactor)
      keys.rateSteps = try fields.int("lr_steps", in: 1...mostSteps, default: keys.rateSteps)
      keys.rollbackSteps = try fields.int(
        "rollback_steps", in: 0...mostSteps, default: keys.rollbackSteps)
      keys.skipBatches = try fields.int(
        "skip_batches", in: 0...mostSteps, default: keys.skipBatches)
      keys.rollbacks = try fields.int("rollbacks", in: 0...mostSteps, default: keys.rollbacks)
      guard keys.warmup <= keys.window else {
        throw fields.wrong(
          "warmup", "is \(keys.warmup), more than window \(keys.window)",
          remedy: "Set spike.warmup to \(keys.window) or less.")
      }
    }
  }
}
