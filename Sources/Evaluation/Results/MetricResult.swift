public import Base

/// One score: a model, a task, a metric, a value, and all that is needed to trust it.
public struct MetricResult: Equatable, Sendable {
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

extension MetricResult {
  /// Reads a row that ``json`` wrote.
  ///
  /// - Parameter place: how errors call it, as "scores.jsonl:3".
  public init(_ json: JSON, at place: String) throws(Failure) {
    var row = try Fields(json, file: place)
    model = ModelIdentity(
      hash: try row.string("model"), name: try row.string("model_name", default: ""),
      step: try row.optionalInt("step"), trainedTokens: try row.optionalInt("trained_tokens"))
    task = try row.string("task")
    category = try row.optionalChoice("category")
    version = try row.string("version")
    taskHash = try row.string("task_hash", default: "")
    shots = try row.int("shots")
    shotsUsed = try row.int("shots_used", default: shots)
    promptHash = try row.string("prompt_hash")
    metric = try row.metric("metric")
    isRepresentative = try row.bool("representative", default: true)
    estimate = Estimate(try row.score("value"), error: try row.optionalDouble("error"))
    count = try row.int("n")
    unanswered = try row.int("unanswered", default: 0)
    seed = UInt64(bitPattern: Int64(try row.int("seed", in: Int.min...Int.max)))
    chance = row.has("chance") ? try row.score("chance") : 0
  }
}
