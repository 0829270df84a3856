public import Base

/// One result: a metric of a model on a task.
public struct ScoreRow: Equatable, Sendable {
  /// What people call the model: `0002@1000`, or a folder's name.
  public var model: String
  /// The hash of its weights.
  public var modelHash: String
  /// The experiment whose checkpoint it is, its step, and the tokens it was trained on until then.
  public var experiment: Int?
  public var step: Int?
  public var trainedTokens: Int?
  public var task: String
  /// EL, FA, HE, MC, MR, MT, NLI, QA, RC, or another.
  public var category: String
  /// The version of the task's data and prompt.
  public var version: String
  public var shots: Int
  public var promptHash: String
  public var metric: String
  /// `nil` where the evaluation gave no number.
  public var value: Double?
  /// The standard error of the value.
  public var error: Double?
  /// Samples.
  public var n: Int
  public var seed: Int
  /// What the best constant answer scores.
  public var chance: Double?
  /// Whether this is the task's main metric: the one that tables and averages take.
  public var isPrimary: Bool

  public init(
    model: String, modelHash: String, experiment: Int? = nil, step: Int? = nil,
    trainedTokens: Int? = nil, task: String, category: String, version: String, shots: Int,
    promptHash: String, metric: String, value: Double?, error: Double? = nil, n: Int, seed: Int = 0,
    chance: Double? = nil, isPrimary: Bool = true
  ) {
    self.model = model
    self.modelHash = modelHash
    self.experiment = experiment
    self.step = step
    self.trainedTokens = trainedTokens
    self.task = task
    self.category = category
    self.version = version
    self.shots = shots
    self.promptHash = promptHash
    self.metric = metric
    self.value = value
    self.error = error
    self.n = n
    self.seed = seed
    self.chance = chance
    self.isPrimary = isPrimary
  }

  /// The line of a scores file.
  public var json: JSON {
    .object([
      ("type", "result"), ("model", JSON(model)), ("model_hash", JSON(modelHash)),
      ("experiment", .optional(experiment)), ("step", .optional(step)),
      ("trained_tokens", .optional(trainedTokens)), ("task", JSON(task)),
      ("category", JSON(category)), ("version", JSON(version)), ("shots", JSON(shots)),
      ("prompt_hash", JSON(promptHash)), ("metric", JSON(metric)), ("value", .optional(value)),
      ("error", .optional(error)), ("n", JSON(n)), ("seed", JSON(seed)),
      ("chance", .optional(chance)), ("primary", JSON(isPrimary)),
    ])
  }

  /// Reads ``json`` back; `nil` for lines that are no results.
  public init?(_ json: JSON) {
    guard json["type"]?.string == "result", let model = json["model"]?.string,
      let task = json["task"]?.string, let metric = json["metric"]?.string
    else { return nil }
    self.init(
      model: model, modelHash: json["model_hash"]?.string ?? "",
      experiment: json["experiment"]?.int, step: json["step"]?.int,
      trainedTokens: json["trained_tokens"]?.int, task: task,
      category: json["category"]?.string ?? "", version: json["version"]?.string ?? "",
      shots: json["shots"]?.int ?? 0, promptHash: json["prompt_hash"]?.string ?? "", metric: metric,
      value: json["value"]?.double, error: json["error"]?.double, n: json["n"]?.int ?? 0,
      seed: json["seed"]?.int ?? 0, chance: json["chance"]?.double,
      isPrimary: json["primary"]?.bool ?? true)
  }
}

extension JSON {
  /// A whole number, or null.
  static func optional(_ value: Int?) -> JSON { value.map { JSON($0) } ?? .null }
  /// A number, or null.
  static func optional(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
  /// A text, or null.
  static func optional(_ value: String?) -> JSON { value.map { JSON($0) } ?? .null }
}
