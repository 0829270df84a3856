public import Base

/// One score: a model, a task, a metric, a value, and all that is needed to trust it.
public struct ScoreRow: Equatable, Sendable {
  public let model: ModelIdentity
  public let task: String
  public let category: Category?
  /// The version of the task set.
  public let version: String
  /// The hash of the task's content.
  public let taskHash: String
  /// The shots that were asked for.
  public let shots: Int
  /// The fewest shots that any prompt had room for.
  public let shotsUsed: Int
  /// The hash of all prompts: rows with the same one were asked the same.
  public let promptHash: String
  public let metric: Metric
  /// Whether the metric stands for the task in its category.
  public let isRepresentative: Bool
  public let estimate: Estimate
  /// The samples.
  public let count: Int
  /// The samples whose question alone exceeds the context; they count as empty answers.
  public let unanswered: Int
  public let seed: UInt64
  /// The score of the best constant answer, if the metric is the representative one.
  public let chance: Double

  /// The row as the design, section 3, files it.
  public var json: JSON {
    [
      "model": .string(model.hash), "model_name": .string(model.name),
      "step": model.step.map { JSON($0) } ?? .null,
      "trained_tokens": model.trainedTokens.map { JSON($0) } ?? .null,
      "task": .string(task), "category": category.map { .string($0.rawValue) } ?? .null,
      "version": .string(version), "task_hash": .string(taskHash), "shots": JSON(shots),
      "shots_used": JSON(shotsUsed), "prompt_hash": .string(promptHash),
      "metric": .string(metric.rawValue), "representative": .bool(isRepresentative),
      "value": .number(estimate.value), "error": estimate.error.map { .number($0) } ?? .null,
      "n": JSON(count), "unanswered": JSON(unanswered),
      "seed": .integer(Int64(bitPattern: seed)), "chance": .number(chance),
    ]
  }
}

extension ScoreRow {
  /// Reads a row that ``json`` wrote.
  ///
  /// - Parameter place: how errors call it, as "scores.jsonl:3".
  public init(_ json: JSON, at place: String) throws(Failure) {
    let row = FieldReader(file: place, value: json)
    model = ModelIdentity(
      hash: try row.member("model").string(), name: try row.optional("model_name")?.string() ?? "",
      step: try row.optional("step")?.count(),
      trainedTokens: try row.optional("trained_tokens")?.count())
    task = try row.member("task").string()
    category = try row.optional("category")?.category()
    version = try row.member("version").string()
    taskHash = try row.optional("task_hash")?.string() ?? ""
    shots = try row.member("shots").count()
    shotsUsed = try row.optional("shots_used")?.count() ?? shots
    promptHash = try row.member("prompt_hash").string()
    metric = try row.member("metric").metric()
    isRepresentative = row.value["representative"]?.bool ?? true
    estimate = Estimate(
      try row.member("value").double(), error: try row.optional("error")?.double())
    count = try row.member("n").count()
    unanswered = try row.optional("unanswered")?.count() ?? 0
    seed = UInt64(bitPattern: Int64(try row.member("seed").int(in: Int.min...Int.max)))
    chance = try row.optional("chance")?.double() ?? 0
  }
}
