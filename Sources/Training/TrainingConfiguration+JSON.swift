public import Base
import Tensors

extension TrainingConfiguration {
  /// The whole configuration with every default spelt out; reading it gives the same again.
  public var json: JSON {
    .object([
      ("steps", JSON(steps)), ("batch_size", JSON(batchSize)),
      ("sequence_length", JSON(sequenceLength)), ("seed", JSON(Int(clamping: seed))),
      ("precision", JSON(precision.rawValue)),
      ("fp8", JSON(fp8?.rawValue ?? "none")), ("model", .object(model)),
      ("tokenizer", JSON(tokenizer)), ("dropout", JSON(dropout)),
      ("z_loss", JSON(lossTerms.z)), ("label_smoothing", JSON(lossTerms.smoothing)),
      ("recompute", JSON(recompute.rawValue)),
      ("data", .object([("corpus", JSON(data.corpus))])),
      ("optimizer", optimizer.json), ("schedule", schedule.json),
      (
        "validation",
        .object([
          ("every", JSON(validation.every)),
          // One is written as a text, as it may be read.
          (
            "subset",
            validation.subsets.count == 1
              ? JSON(validation.subsets[0]) : .array(validation.subsets.map { JSON($0) })
          ),
        ])
      ),
      ("checkpoint", checkpoint.json), ("spike", spike.json),
      ("inject", .array(inject.map { JSON($0.description) })),
    ])
  }

  /// `json` with dotted keys set, as `optimizer.learning_rate=0.001`.
  ///
  /// - Parameter value: reads a value as YAML would.
  /// - Throws: ``Failure`` for a setting without `=` or a key inside something that is no table.
  public static func setting(
    _ settings: [String], in json: JSON, value: (String) throws -> JSON
  ) throws -> JSON {
    var json = json
    for setting in settings {
      guard let equals = setting.firstIndex(of: "="), equals != setting.startIndex else {
        throw Failure(
          "the setting '\(Sanitiser.visible(setting))' is not KEY=VALUE",
          remedy: "Write as in --set optimizer.learning_rate=0.001.")
      }
      let keys = setting[..<equals].split(separator: ".", omittingEmptySubsequences: false)
        .map(String.init)
      guard !keys.contains("") else {
        throw Failure(
          "the setting '\(Sanitiser.visible(setting))' has an empty key",
          remedy: "Write as in --set optimizer.learning_rate=0.001.")
      }
      let value = try value(String(setting[setting.index(after: equals)...]))
      json = try put(value, under: keys[...], in: json, setting: setting)
    }
    return json
  }

  private static func put(
    _ value: JSON, under keys: ArraySlice<String>, in json: JSON, setting: String
  ) throws -> JSON {
    guard let key = keys.first else { return value }
    var object: JSONObject
    switch json {
    case .object(let found): object = found
    case .null: object = JSONObject()
    default:
      throw Failure(
        "the setting '\(Sanitiser.visible(setting))' goes inside a value that is no table",
        remedy: "Check its dotted key.")
    }
    object[key] = try put(
      value, under: keys.dropFirst(), in: object[key] ?? .null, setting: setting)
    return .object(object)
  }
}

extension TrainingConfiguration.Optimizer {
  /// The section `optimizer:`.
  public var json: JSON {
    .object([
      ("type", JSON(type.rawValue)), ("learning_rate", JSON(learningRate)),
      ("beta1", JSON(beta1)), ("beta2", JSON(beta2)), ("momentum", JSON(momentum)),
      ("epsilon", JSON(epsilon)),
      ("weight_decay", JSON(weightDecay)), ("clip", JSON(clip)),
    ])
  }
}

extension TrainingConfiguration.ScheduleKeys {
  /// The section `schedule:`.
  public var json: JSON {
    .object([
      ("type", JSON(type.rawValue)), ("warmup_steps", JSON(warmupSteps)),
      ("minimum_learning_rate", JSON(minimumLearningRate)), ("decay_steps", JSON(decaySteps)),
      ("decay", JSON(tail.rawValue)),
    ])
  }
}

extension TrainingConfiguration.CheckpointKeys {
  /// The section `checkpoint:`.
  public var json: JSON {
    .object([
      ("every", JSON(every)), ("keep", JSON(keep)), ("keep_every", JSON(keepEvery)),
      ("keep_best", JSON(keepBest)),
    ])
  }
}

extension SpikePolicy {
  /// The section `spike:`.
  public var json: JSON {
    .object([
      ("window", JSON(window)), ("warmup", JSON(warmup)), ("deviations", JSON(deviations)),
      ("norm_deviations", JSON(normDeviations)), ("share", JSON(share)), ("longest", JSON(longest)),
      ("cooldown", JSON(cooldown)),
      ("action", JSON(action.rawValue)), ("patience", JSON(patience)),
      ("lr_factor", JSON(rateFactor)), ("lr_steps", JSON(rateSteps)),
      ("rollback_steps", JSON(rollbackSteps)), ("skip_batches", JSON(skipBatches)),
      ("rollbacks", JSON(rollbacks)),
    ])
  }
}
