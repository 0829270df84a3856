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
public struct SampleResult: Equatable, Sendable {
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

extension SampleResult {
  /// Reads a sample that ``json`` wrote.
  ///
  /// - Parameter place: how errors call it, as "samples.jsonl:3".
  public init(_ json: JSON, at place: String) throws(Failure) {
    var row = try Fields(json, file: place)
    task = try row.string("task")
    category = try row.optionalChoice("category")
    index = try row.int("index")
    level = try row.choice("level")
    prompt = try row.string("prompt")
    output = try row.string("output")
    prediction = try row.string("prediction")
    expected = try row.string("expected")
    verdict = try row.choice("verdict")
    score = row.has("score") ? try row.score("score") : nil
    var scores: [Metric: Double] = [:]
    var given = try row.fields("scores")
    for name in given.keys {
      if let metric = Metric(named: name) { scores[metric] = try given.score(name) }
    }
    self.scores = scores
    promptTokens = try row.int("prompt_tokens")
    outputTokens = try row.int("output_tokens")
    shots = try row.int("shots")
    stopReason = try row.string("stop_reason")
  }
}
