public import Base
import Tensors
import Training

/// What a study compares: arms that differ in one thing, each with several seeds.
public struct StudyPlan: Sendable, Equatable {
  public enum Kind: String, CaseIterable, Sendable {
    case adamEpsilon = "adam-epsilon"
    case precision
  }

  /// One side of the comparison.
  public struct Arm: Sendable, Equatable {
    /// As it is called in tables: `ε 1e-8`.
    public let name: String
    /// What distinguishes its configuration, as `optimizer.epsilon=1e-8`.
    public let settings: [String]
  }

  public let kind: Kind
  public let corpus: String
  public let tokenizer: String
  public let steps: Int
  public let seeds: Int

  public init(_ kind: Kind, corpus: String, tokenizer: String, steps: Int, seeds: Int) {
    self.kind = kind
    self.corpus = corpus
    self.tokenizer = tokenizer
    self.steps = steps
    self.seeds = seeds
  }

  /// The arms, the one that the others are measured by first.
  public var arms: [Arm] {
    switch kind {
    case .adamEpsilon:
      ["1e-8", "1e-7", "1e-6", "1e-5", "1e-4", "1e-3"].map {
        Arm(name: "ε \($0)", settings: ["optimizer.epsilon=\($0)"])
      }
    case .precision:
      ["fp32", "bf16", "bf16-stochastic"].map { Arm(name: $0, settings: ["precision=\($0)"]) }
        + FP8Recipe.allCases.map {
          Arm(name: $0.rawValue, settings: ["precision=fp32", "fp8=\($0.rawValue)"])
        }
    }
  }

  /// The configuration that the arms share, of a model that makes a thousand steps in about a minute on two cores.
  public var base: JSON {
    [
      "steps": JSON(steps), "batch_size": 8, "sequence_length": 128, "tokenizer": JSON(tokenizer),
      "data": ["corpus": JSON(corpus)],
      "model": [
        "hidden_size": 128, "intermediate_size": 352, "num_hidden_layers": 4,
        "num_attention_heads": 4, "num_key_value_heads": 2, "tie_word_embeddings": true,
        "rms_norm_eps": 1e-5, "rope_theta": 10_000,
      ],
      "optimizer": ["learning_rate": 0.002, "weight_decay": 0.1],
      "schedule": ["warmup_steps": JSON(max(1, steps / 20)), "minimum_learning_rate": 0.0002],
      "validation": ["every": JSON(max(1, steps / 4))],
      "checkpoint": ["every": 0, "keep": 1],
      // What happens is to be seen, not mended.
      "spike": ["action": "record"],
    ]
  }

  /// The configuration of an arm with a seed.
  ///
  /// - Throws: `Failure` if a setting is not understood.
  func configuration(_ arm: Arm, seed: Int, value: (String) throws -> JSON) throws
    -> TrainingConfiguration
  {
    let json = try TrainingConfiguration.setting(
      arm.settings + ["seed=\(seed)"], in: base, value: value)
    return try TrainingConfiguration(json, file: "study")
  }

  public var json: JSON {
    [
      "study": JSON(kind.rawValue), "corpus": JSON(corpus), "tokenizer": JSON(tokenizer),
      "steps": JSON(steps), "seeds": JSON(seeds),
    ]
  }

  /// Reads ``json``.
  ///
  /// - Throws: `Failure` naming the field that is missing or wrong.
  public init(_ json: JSON, file: String) throws {
    var fields = try Fields(json, file: file)
    let name = try fields.string("study")
    guard let kind = Kind(rawValue: name) else {
      throw Failure(
        "\(file): there is no study '\(Sanitiser.visible(name))'", remedy: "Begin a new study.")
    }
    self.init(
      kind, corpus: try fields.string("corpus"), tokenizer: try fields.string("tokenizer"),
      steps: try fields.int("steps", in: 1...1_000_000),
      seeds: try fields.int("seeds", in: 1...100))
  }
}
