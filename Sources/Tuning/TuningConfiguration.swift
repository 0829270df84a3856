public import Base
public import Training

/// What supervised fine-tuning is made of; `docs/configuration.md` tells every key.
public struct TuningConfiguration: Equatable, Sendable {
  /// The model to start from: an experiment's number, NUMBER@STEP, or a Hugging Face folder.
  public var model: String
  /// Files of conversations, JSON lines; relative to the workspace.
  public var data: [String]
  /// Rounds over all conversations.
  public var epochs: Int
  /// Rows an update.
  public var batchSize: Int
  /// Places of a row; several conversations are packed into one.
  public var sequenceLength: Int
  public var seed: UInt64
  /// Share of activations dropped after each sub-layer.
  public var dropout: Double
  public var optimizer: TrainingConfiguration.Optimizer
  public var schedule: TrainingConfiguration.ScheduleKeys
  public var checkpoint: TrainingConfiguration.CheckpointKeys
  public var spike: SpikePolicy
  public let places: KeyPlaces

  /// Reads a configuration.
  ///
  /// - Parameter place: where a dotted key was given its value, as `FILE:LINE`.
  /// - Throws: ``Failure`` naming the key that is missing, unknown or out of range.
  public init(
    _ json: JSON, file: String, place: @escaping @Sendable (String) -> String? = { _ in nil }
  ) throws {
    places = KeyPlaces(file: file, place: place)
    var fields = try Fields(json, file: file, place: place)
    // An experiment's number is written as a number.
    if let number = json["model"]?.int {
      model = String(number)
      _ = fields.json("model")
    } else {
      model = try fields.string("model")
    }
    data = try fields.strings("data")
    epochs = try fields.int("epochs", in: 1...10_000, default: 1)
    batchSize = try fields.int("batch_size", in: 1...65_536)
    sequenceLength = try fields.int("sequence_length", in: 2...1_048_576)
    seed = UInt64(try fields.int("seed", default: 0))
    dropout = try fields.double("dropout", in: 0...0.9, default: 0)
    optimizer = try TrainingConfiguration.optimizer(&fields)
    schedule = try TrainingConfiguration.schedule(&fields)
    checkpoint = try TrainingConfiguration.checkpoint(&fields)
    spike = try TrainingConfiguration.spike(&fields)
    try fields.finish()
    try TrainingConfiguration.check(schedule, below: optimizer, fields)
    try TrainingConfiguration.check(spike, checkpoint, fields)
  }

  /// The whole configuration with every default spelt out.
  public var json: JSON {
    .object([
      ("model", JSON(model)), ("data", .array(data.map { JSON($0) })), ("epochs", JSON(epochs)),
      ("batch_size", JSON(batchSize)), ("sequence_length", JSON(sequenceLength)),
      ("seed", JSON(Int(clamping: seed))), ("dropout", JSON(dropout)),
      ("optimizer", optimizer.json), ("schedule", schedule.json), ("checkpoint", checkpoint.json),
      ("spike", spike.json),
    ])
  }

  /// Places of an update.
  public var tokensPerStep: Int { batchSize * sequenceLength }

  /// The plan for so many updates.
  public func plan(steps: Int) -> TrainingPlan {
    TrainingPlan(
      steps: steps, tokensPerStep: tokensPerStep, optimizer: optimizer,
      learningRates: schedule.schedule(peak: optimizer.learningRate, steps: steps),
      validationEvery: 0, checkpoint: checkpoint, spike: spike, seed: seed)
  }
}
