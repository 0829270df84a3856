public import Base
import Models

/// The published hyperparameters of a model of LLM-jp-3, as keys of a configuration.
///
/// From LLM-jp's model cards and training scripts: AdamW with β 0.9 and 0.95, ε 1e-8, decay 0.1, clip 1.0; 2,000 steps of
/// warm-up, then a cosine down to a tenth; 4,096 tokens a sequence, bf16, z-loss 1e-4. Batch, learning rate and steps
/// of the 440M model are not published: a configuration has to give them.
public struct TrainingPreset: Sendable {
  /// As `llm-jp-3-1.8b`.
  public let name: String
  /// What a configuration's own keys are laid over.
  public let keys: JSON

  public static let all: [TrainingPreset] = ModelPreset.all.map { model in
    let name = "llm-jp-3-\(model.name.lowercased())"
    return TrainingPreset(name: name, keys: keys(model.config, published[model.name]))
  }

  /// The preset of a name, in whatever case.
  ///
  /// - Throws: ``Failure`` naming those there are.
  public static func named(_ name: String) throws -> TrainingPreset {
    if let preset = all.first(where: { $0.name == name.lowercased() }) { return preset }
    throw Failure(
      "there is no preset '\(Sanitiser.visible(name))'",
      remedy: "Use one of \(all.map(\.name).joined(separator: ", ")).")
  }

  /// Sequences an update, learning rate and steps by the model's name.
  private static let published: [String: (batch: Int, rate: Double, steps: Int)] = [
    "150M": (512, 3e-4, 988_240), "980M": (512, 3e-4, 988_240), "1.8B": (512, 3e-4, 988_240),
    "3.7B": (1024, 3e-4, 494_120), "7.2B": (1024, 2.5e-4, 494_120), "13B": (1024, 2e-4, 494_120),
    "172B": (1728, 8e-5, 292_812),
  ]

  private static func keys(
    _ model: LlamaConfig, _ run: (batch: Int, rate: Double, steps: Int)?
  ) -> JSON {
    var optimizer: [(String, JSON)] = [
      ("type", "adamw"), ("beta1", 0.9), ("beta2", 0.95), ("epsilon", 1e-8),
      ("weight_decay", 0.1), ("clip", 1.0),
    ]
    var schedule: [(String, JSON)] = [("type", "cosine"), ("warmup_steps", 2000)]
    var keys: [(String, JSON)] = [
      ("sequence_length", 4096), ("precision", "bf16"), ("z_loss", 1e-4),
      (
        "model",
        [
          "hidden_size": JSON(model.hiddenSize),
          "intermediate_size": JSON(model.intermediateSize),
          "num_hidden_layers": JSON(model.hiddenLayers),
          "num_attention_heads": JSON(model.attentionHeads),
          "num_key_value_heads": JSON(model.keyValueHeads), "rms_norm_eps": 1e-5,
          "rope_theta": 10_000, "tie_word_embeddings": false, "max_position_embeddings": 4096,
        ]
      ),
    ]
    if let run {
      optimizer.append(("learning_rate", .number(run.rate)))
      schedule.append(("minimum_learning_rate", .number(run.rate / 10)))
      keys += [("batch_size", JSON(run.batch)), ("steps", JSON(run.steps))]
    }
    keys += [
      ("optimizer", .object(JSONObject(optimizer))), ("schedule", .object(JSONObject(schedule))),
    ]
    return .object(JSONObject(keys))
  }

  /// A configuration whose key `preset`, if it has one, is replaced by the preset's keys under its own.
  ///
  /// - Throws: ``Failure`` if there is no such preset.
  public static func expanding(_ json: JSON) throws -> JSON {
    guard var object = json.object, let name = object["preset"] else { return json }
    guard let text = name.string else {
      throw Failure("preset is no text", remedy: "Write as in preset: llm-jp-3-1.8b.")
    }
    let preset = try named(text)
    object["preset"] = nil
    return lay(.object(object), over: preset.keys)
  }

  private static func lay(_ json: JSON, over base: JSON) -> JSON {
    guard let upper = json.object, var result = base.object else { return json }
    for (key, value) in upper { result[key] = result[key].map { lay(value, over: $0) } ?? value }
    return .object(result)
  }
}
