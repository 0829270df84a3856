public import Base
import Training

/// How long a demo lasts.
public enum DemoPreset: String, CaseIterable, Sendable {
  /// About six minutes on two cores.
  case full
  /// The same life in about a minute.
  case minute
}

extension DemoPreset {
  /// The preset of the demo in a folder: the one it was begun with, else the one wanted, else the full one.
  ///
  /// - Throws: `Failure` if it was begun with another than is wanted.
  public static func of(_ folder: Path, wanted: DemoPreset?) throws -> DemoPreset {
    let name = (try? JSON.read(folder / Demo.summaryName))?["preset"]?.string
    guard let begun = name.flatMap(DemoPreset.init) else { return wanted ?? .full }
    guard wanted == nil || wanted == begun else {
      throw Failure(
        "the demo in \(folder) was begun with --preset \(begun.rawValue)",
        remedy: "Leave --preset out to go on with it, or name another folder.")
    }
    return begun
  }
}

/// What a demo trains with.
struct DemoPlan {
  let pretraining: JSON
  let tuning: JSON
  /// Samples a task.
  let samples: Int?

  /// Pieces of the tokenizer.
  static let vocabularySize = 4000

  /// The tokens the demo's model looks back on.
  static let context = 256

  init(_ preset: DemoPreset, corpus: String, tokenizer: String, data: String) {
    let isFull = preset == .full
    let steps = isFull ? 1000 : 150
    pretraining = [
      "steps": JSON(steps), "batch_size": 8, "sequence_length": JSON(Self.context), "seed": 1,
      "tokenizer": JSON(tokenizer), "dropout": 0.1, "data": ["corpus": JSON(corpus)],
      "model": [
        "hidden_size": 192, "intermediate_size": 512, "num_hidden_layers": 4,
        "num_attention_heads": 6, "num_key_value_heads": 2, "tie_word_embeddings": true,
        "rms_norm_eps": 1e-5, "rope_theta": 10_000,
      ],
      "optimizer": ["learning_rate": 0.002, "weight_decay": 0.1],
      "schedule": ["warmup_steps": JSON(steps / 20), "minimum_learning_rate": 0.0002],
      "validation": ["every": JSON(steps / 10)],
      "checkpoint": ["every": JSON(steps / 10), "keep": 3],
      "inject": [JSON("\(Injection.Kind.badBatch.rawValue)@\(steps * 6 / 10)")],
    ]
    tuning = [
      "data": [JSON(data)], "epochs": JSON(isFull ? 10 : 2), "batch_size": 8,
      "sequence_length": JSON(Self.context), "seed": 1, "dropout": 0.1,
      "optimizer": ["learning_rate": 0.002, "weight_decay": 0.1],
      "schedule": ["warmup_steps": 20, "minimum_learning_rate": 0.0001],
      "checkpoint": ["every": 100, "keep": 2],
    ]
    samples = isFull ? nil : 50
  }
}
