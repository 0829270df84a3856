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
  /// Updates in a row, up to this one, whose loss or gradient was not finite.
  public var notFinite = 0
  /// SHA-256 of the resolved configuration and of the tokenizer, in hexadecimal.
  public var configurationHash: String
  public var tokenizerHash: String

  /// The state before the first update.
  public init(policy: SpikeDetector.Policy, configurationHash: String, tokenizerHash: String) {
    spike = SpikeDetector(policy: policy)
    self.configurationHash = configurationHash
    self.tokenizerHash = tokenizerHash
  }

  /// The state as it stands in a checkpoint.
  public var json: JSON {
    .object([
      ("step", JSON(step)), ("optimizer_steps", JSON(optimizerSteps)), ("tokens", JSON(tokens)),
      ("learning_rate", learningRate.map { JSON($0) } ?? .null),
      (
        "spike_window",
        .object([
          ("losses", .numbers(spike.losses)),
          ("opened", spike.opened.map { JSON($0) } ?? .null),
          ("last_high", spike.lastHigh.map { JSON($0) } ?? .null),
          ("highs", JSON(spike.highs)),
        ])
      ),
      ("not_finite", JSON(notFinite)),
      ("configuration_sha256", JSON(configurationHash)), ("tokenizer_sha256", JSON(tokenizerHash)),
    ])
  }

  /// Reads a state.
  ///
  /// - Throws: ``Failure`` naming the field that is missing or wrong.
  public init(_ json: JSON, policy: SpikeDetector.Policy, file: String) throws {
    var fields = try Fields(json, file: file)
    // Counting on from what a damaged file says must not overflow.
    let counts = 0...1 << 60
    step = try fields.int("step", in: counts)
    optimizerSteps = try fields.int("optimizer_steps", in: counts)
    tokens = try fields.int("tokens", in: counts)
    learningRate = fields.json("learning_rate")?.double
    notFinite = try fields.int("not_finite", in: counts, default: 0)
    configurationHash = try fields.string("configuration_sha256")
    tokenizerHash = try fields.string("tokenizer_sha256")
    var window = try fields.fields("spike_window")
    let losses = window.json("losses")?.array?.compactMap(\.double) ?? []
    spike = SpikeDetector(
      policy: policy, losses: losses.suffix(policy.window),
      opened: try window.optionalInt("opened", in: counts),
      lastHigh: try window.optionalInt("last_high", in: counts),
      highs: try window.int("highs", in: counts, default: 0))
  }
}
