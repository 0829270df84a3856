public import Base

/// One sample of a task: what the model was asked, what it said, what was expected.
public struct SampleRow: Equatable, Sendable {
  public var model: String
  public var modelHash: String
  public var task: String
  public var category: String
  public var shots: Int
  /// The sample's place in the task, from 0.
  public var index: Int
  /// The task's own name for the sample, or empty.
  public var id: String
  public var prompt: String
  public var output: String
  public var expected: String
  public var metric: String
  public var score: Double?
  /// Right or wrong, where the metric is such.
  public var verdict: Bool?
  /// Whatever else the evaluation wants kept, as the log-likelihoods of the choices.
  public var details: JSON

  public init(
    model: String, modelHash: String, task: String, category: String, shots: Int, index: Int,
    id: String = "", prompt: String, output: String, expected: String, metric: String,
    score: Double?, verdict: Bool? = nil, details: JSON = .null
  ) {
    self.model = model
    self.modelHash = modelHash
    self.task = task
    self.category = category
    self.shots = shots
    self.index = index
    self.id = id
    self.prompt = prompt
    self.output = output
    self.expected = expected
    self.metric = metric
    self.score = score
    self.verdict = verdict
    self.details = details
  }

  /// The line of a scores file.
  public var json: JSON {
    .object([
      ("type", "sample"), ("model", JSON(model)), ("model_hash", JSON(modelHash)),
      ("task", JSON(task)), ("category", JSON(category)), ("shots", JSON(shots)),
      ("index", JSON(index)), ("id", JSON(id)), ("prompt", JSON(prompt)), ("output", JSON(output)),
      ("expected", JSON(expected)), ("metric", JSON(metric)), ("score", .optional(score)),
      ("verdict", verdict.map { JSON($0) } ?? .null), ("details", details),
    ])
  }

  /// Reads ``json`` back; `nil` for lines that are no samples.
  public init?(_ json: JSON) {
    guard json["type"]?.string == "sample", let model = json["model"]?.string,
      let task = json["task"]?.string, let index = json["index"]?.int
    else { return nil }
    self.init(
      model: model, modelHash: json["model_hash"]?.string ?? "", task: task,
      category: json["category"]?.string ?? "", shots: json["shots"]?.int ?? 0, index: index,
      id: json["id"]?.string ?? "", prompt: json["prompt"]?.string ?? "",
      output: json["output"]?.string ?? "", expected: json["expected"]?.string ?? "",
      metric: json["metric"]?.string ?? "", score: json["score"]?.double,
      verdict: json["verdict"]?.bool, details: json["details"] ?? .null)
  }
}
