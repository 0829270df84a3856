public import Base
import Lab

/// What a demo came to.
public struct DemoSummary: Equatable, Sendable {
  /// A category's scores, 0 to 1.
  public struct Score: Equatable, Sendable {
    public let category: String
    public let base, tuned, chance: Double
  }

  public var preset = DemoPreset.full
  /// The numbers of its experiments.
  public var experiments: [Int] = []
  /// Mean nats over the predicted tokens of the held-out documents: the model's, and two baselines' on the same.
  public var validationLoss = Double.nan
  public var unigramLoss = Double.nan
  public var bigramLoss = Double.nan
  /// Spikes that the detector found in the pre-training.
  public var spikes = 0
  /// Seconds of work, over all its sittings.
  public var seconds = 0.0
  /// Updates of the pre-training.
  public var updates = 0
  public var parameters = 0
  /// Tokens the model looks back on.
  public var context = 0
  public var scores: [Score] = []
  /// The last checkpoints of pre-training and tuning, from the workspace.
  public var checkpoints: [String] = []

  public init() {}

  /// The shape that the command line promises.
  public var json: JSON {
    .object([
      ("preset", JSON(preset.rawValue)), ("experiments", .integers(experiments)),
      ("validation_loss", .number(validationLoss)),
      ("unigram_loss", .number(unigramLoss)), ("bigram_loss", .number(bigramLoss)),
      ("spikes", JSON(spikes)), ("seconds", .number(seconds)), ("updates", JSON(updates)),
      ("parameters", JSON(parameters)), ("context", JSON(context)),
      (
        "scores",
        .object(
          scores.map { score in
            (
              score.category,
              [
                "base": .number(score.base), "tuned": .number(score.tuned),
                "chance": .number(score.chance),
              ]
            )
          })
      ),
      ("checkpoints", .array(checkpoints.map { JSON($0) })),
    ])
  }

  /// Reads ``json`` back; `nil` if something is missing.
  init?(_ json: JSON) {
    guard let experiments = json["experiments"]?.array?.compactMap(\.int),
      let validation = json["validation_loss"]?.double, let unigram = json["unigram_loss"]?.double,
      let bigram = json["bigram_loss"]?.double, let spikes = json["spikes"]?.int,
      let seconds = json["seconds"]?.double, let updates = json["updates"]?.int,
      let parameters = json["parameters"]?.int, let context = json["context"]?.int,
      let scores = json["scores"]?.object,
      let checkpoints = json["checkpoints"]?.array?.compactMap(\.string)
    else { return nil }
    preset = json["preset"]?.string.flatMap(DemoPreset.init) ?? .full
    self.experiments = experiments
    validationLoss = validation
    unigramLoss = unigram
    bigramLoss = bigram
    self.spikes = spikes
    self.seconds = seconds
    self.updates = updates
    self.parameters = parameters
    self.context = context
    self.checkpoints = checkpoints
    self.scores = scores.compactMap { category, score in
      guard let base = score["base"]?.double, let tuned = score["tuned"]?.double,
        let chance = score["chance"]?.double
      else { return nil }
      return Score(category: category, base: base, tuned: tuned, chance: chance)
    }
  }

  /// The table that a demo prints.
  public var table: [[String]] {
    func average(_ part: (Score) -> Double) -> Double {
      scores.reduce(0) { $0 + part($1) } / Double(max(1, scores.count))
    }
    func row(_ name: String, _ base: Double, _ tuned: Double, _ chance: Double) -> [String] {
      [name] + [base, tuned, chance].map { Format.fixed($0, 3) }
    }
    return [["category", "base", "tuned", "chance"]]
      + scores.map { row($0.category, $0.base, $0.tuned, $0.chance) }
      + [row("average", average(\.base), average(\.tuned), average(\.chance))]
  }
}
