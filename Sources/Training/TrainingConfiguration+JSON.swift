public import Base

extension TrainingConfiguration {
  /// The whole configuration with every default spelt out; reading it gives the same again.
  public var json: JSON {
    .object([
      ("steps", JSON(steps)), ("batch_size", JSON(batchSize)),
      ("sequence_length", JSON(sequenceLength)), ("seed", JSON(Int(clamping: seed))),
      ("precision", JSON(precision.rawValue)), ("model", .object(model)),
      ("tokenizer", JSON(tokenizer)), ("dropout", JSON(dropout)),
      ("data", .object([("corpus", JSON(data.corpus))])),
      (
        "optimizer",
        .object([
          ("type", JSON(optimizer.type.rawValue)),
          ("learning_rate", JSON(optimizer.learningRate)), ("beta1", JSON(optimizer.beta1)),
          ("beta2", JSON(optimizer.beta2)), ("epsilon", JSON(optimizer.epsilon)),
          ("weight_decay", JSON(optimizer.weightDecay)), ("clip", JSON(optimizer.clip)),
        ])
      ),
      (
        "schedule",
        .object([
          ("type", JSON(schedule.type.rawValue)), ("warmup_steps", JSON(schedule.warmupSteps)),
          ("minimum_learning_rate", JSON(schedule.minimumLearningRate)),
        ])
      ),
      (
        "validation",
        .object([("every", JSON(validation.every)), ("subset", JSON(validation.subset))])
      ),
      (
        "checkpoint", .object([("every", JSON(checkpoint.every)), ("keep", JSON(checkpoint.keep))])
      ),
      (
        "spike",
        .object([
          ("window", JSON(spike.window)), ("warmup", JSON(spike.warmup)),
          ("deviations", JSON(spike.deviations)), ("share", JSON(spike.share)),
          ("cooldown", JSON(spike.cooldown)), ("action", JSON(spike.action.rawValue)),
        ])
      ),
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
      let keys = setting[..<equals].split(separator: ".").map(String.init)
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
