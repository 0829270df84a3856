public import Base

/// What a run needs to go on besides weights and moments: a few numbers, no hidden state.
///
/// The data cursor and every random number are functions of seed and step.
public struct TrainerState: Equatable, Sendable {
  /// Updates done.
  public var step = 0
  /// Updates of the optimiser, skipped ones not counted (its t).
  public var optimizerSteps = 0
  /// Tokens read.
  public var tokens = 0
  /// The learning rate a person set in place of the schedule's.
  public var learningRate: Double?
  public var spike: SpikeDetector
  /// Batches passed over so far: update s takes batch s + shift.
  public var batchShift = 0
  /// Times it went back to an earlier checkpoint because of a spike.
  public var rollbacks = 0
  /// Faults up to this step have been, and do not come again after going back.
  public var faultsUntil = 0
  /// Updates up to this one have a lowered learning rate.
  public var loweredUntil = 0
  /// Updates in a row, up to this one, whose loss or gradient was not finite.
  public var notFinite = 0
  /// Whether no checkpoint is removed any more, because a spike has stopped the run.
  public var keepsEverything = false
  /// Updates whose loss or gradient was not finite.
  public var nonFiniteSteps = 0
  /// The newest validation loss, and the updates done then.
  public var validationLoss: Double?
  public var validatedAt = 0
  /// SHA-256 of the resolved configuration and of the tokenizer, in hexadecimal.
  public var configurationHash: String
  public var tokenizerHash: String

  /// The state before the first update.
  public init(policy: SpikePolicy, configurationHash: String, tokenizerHash: String) {
    spike = SpikeDetector(policy: policy)
    self.configurationHash = configurationHash
    self.tokenizerHash = tokenizerHash
  }

  /// The state as it stands in a checkpoint.
  public var json: JSON {
    .object([
      ("step", JSON(step)), ("optimizer_steps", JSON(optimizerSteps)), ("tokens", JSON(tokens)),
      ("learning_rate", learningRate.map { JSON($0) } ?? .null),
      ("spike_window", spike.json), ("batch_shift", JSON(batchShift)),
      ("rollbacks", JSON(rollbacks)), ("faults_until", JSON(faultsUntil)),
      ("lowered_until", JSON(loweredUntil)),
      ("not_finite", JSON(notFinite)), ("non_finite_steps", JSON(nonFiniteSteps)),
      ("keeps_everything", JSON(keepsEverything)),
      ("validated_at", JSON(validatedAt)),
      ("validation_loss", validationLoss.map { .number($0) } ?? .null),
      ("configuration_sha256", JSON(configurationHash)), ("tokenizer_sha256", JSON(tokenizerHash)),
    ])
  }

  /// Reads a state.
  ///
  /// - Throws: ``Failure`` naming the field that is missing or wrong.
  public init(_ json: JSON, policy: SpikePolicy, file: String) throws {
    var fields = try Fields(json, file: file)
    // Counting on from what a damaged file says must not overflow.
    let counts = 0...1 << 60
    step = try fields.int("step", in: counts)
    optimizerSteps = try fields.int("optimizer_steps", in: counts)
    tokens = try fields.int("tokens", in: counts)
    learningRate = fields.json("learning_rate")?.double
    notFinite = try fields.int("not_finite", in: counts, default: 0)
    keepsEverything = try fields.bool("keeps_everything", default: false)
    nonFiniteSteps = try fields.int("non_finite_steps", in: counts, default: 0)
    validatedAt = try fields.int("validated_at", in: counts, default: 0)
    validationLoss = fields.json("validation_loss")?.double
    configurationHash = try fields.string("configuration_sha256")
    tokenizerHash = try fields.string("tokenizer_sha256")
    batchShift = try fields.int("batch_shift", in: counts, default: 0)
    rollbacks = try fields.int("rollbacks", in: counts, default: 0)
    faultsUntil = try fields.int("faults_until", in: counts, default: 0)
    loweredUntil = try fields.int("lowered_until", in: counts, default: 0)
    spike = try SpikeDetector(try fields.fields("spike_window"), policy: policy)
  }
}
