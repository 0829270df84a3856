public import Base

/// How an answer was judged.
public enum Verdict: String, Sendable, CaseIterable {
  /// The full score.
  case correct
  /// Some of it.
  case partial
  /// None of it.
  case wrong
  /// The question did not fit into the context.
  case unanswered
  /// The metric judges all answers together only.
  case unjudged
}

/// One question, what the model made of it, and what was expected.
public struct SampleRow: Equatable, Sendable {
  public let task: String
  public let category: Category?
  /// Its number in the task, from 0.
  public let index: Int
  /// What may be done with its texts.
  public let level: ReleaseLevel
  /// What the model read.
  public let prompt: String
  /// What it wrote, as it wrote it.
  public let output: String
  /// What of it was compared.
  public let prediction: String
  /// The expected output as the task has it.
  public let expected: String
  public let verdict: Verdict
  /// The score by the representative metric; `nil` for a correlation.
  public let score: Double?
  /// The score by each metric that has one.
  public let scores: [Metric: Double]
  /// Tokens read and written.
  public let promptTokens: Int, outputTokens: Int
  /// The shots in the prompt.
  public let shots: Int
  /// Why the model stopped, by its name; "none" for what was not asked.
  public let stopReason: String

  /// The sample as it is filed.
  public var json: JSON {
    let scores = self.scores.sorted { $0.key < $1.key }.map { ($0.key.rawValue, JSON($0.value)) }
    return [
      "task": .string(task), "category": category.map { .string($0.rawValue) } ?? .null,
      "index": JSON(index), "level": .string(level.rawValue), "prompt": .string(prompt),
      "output": .string(output), "prediction": .string(prediction),
      "expected": .string(expected), "verdict": .string(verdict.rawValue),
      "score": score.map { .number($0) } ?? .null, "scores": .object(scores),
      "prompt_tokens": JSON(promptTokens), "output_tokens": JSON(outputTokens),
      "shots": JSON(shots), "stop_reason": .string(stopReason),
    ]
  }
}

extension SampleRow {
  /// Reads a sample that ``json`` wrote.
  ///
  /// - Parameter place: how errors call it, as "samples.jsonl:3".
  public init(_ json: JSON, at place: String) throws(Failure) {
    let row = FieldReader(file: place, value: json)
    task = try row.member("task").string()
    category = try row.optional("category")?.category()
    index = try row.member("index").count()
    level = try row.member("level").level()
    prompt = try row.member("prompt").text()
    output = try row.member("output").text()
    prediction = try row.member("prediction").text()
    expected = try row.member("expected").text()
    let verdictField = try row.member("verdict")
    guard let verdict = Verdict(rawValue: try verdictField.string()) else {
      throw verdictField.failure("is no verdict", remedy: "Evaluate again.")
    }
    self.verdict = verdict
    score = try row.optional("score")?.double()
    var scores: [Metric: Double] = [:]
    if let field = try row.optional("scores") {
      for (name, _) in field.value.object ?? JSONObject() {
        guard let metric = Metric(named: name) else { continue }
        scores[metric] = try field.member(name).double()
      }
    }
    self.scores = scores
    promptTokens = try row.member("prompt_tokens").count()
    outputTokens = try row.member("output_tokens").count()
    shots = try row.member("shots").count()
    stopReason = try row.member("stop_reason").string()
  }
}
