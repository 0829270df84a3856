public import Base

/// A metric applied again to answers that are on file.
public struct Rescoring: Equatable, Sendable {
  public let metric: Metric
  public let estimate: Estimate
  /// The score of each answer, in the order of the file; `nil` for a correlation.
  public let scores: [Double]?
  /// The answers.
  public let count: Int

  /// Measures the answers of JSON lines, one sample a line.
  ///
  /// A line is what ``SampleResult/json`` writes, or any object with `output` and `expected`, or with
  /// llm-jp-eval's `pred` or `generated` and `gold`. Both texts are post-processed.
  ///
  /// - Parameters:
  ///   - file: how errors call the text.
  ///   - task: counts the samples of this task only.
  /// - Throws: `Failure` naming file, line and field.
  public init(
    _ bytes: [UInt8], file: String, metric: Metric, task: String? = nil, seed: UInt64 = 42
  ) throws(Failure) {
    var answers: [(prediction: String, gold: String)] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) {
      var sample = try Fields(parsing: Array(line), file: "\(file):\(index + 1)")
      // A scores file has the results beside the samples they are of.
      if try sample.optionalString("type") == "result" { continue }
      if let task, try sample.optionalString("task") != task { continue }
      let output = try sample.first(of: ["output", "generated", "pred"])
      let expected = try sample.first(of: ["expected", "gold"])
      if metric.isCorrelation, Double(expected) == nil {
        throw Failure(
          "\(sample.file): expects \"\(expected.prefix(40))\", which is no number",
          remedy: "Take another metric than \(metric.rawValue).")
      }
      answers.append((Answer.prediction(from: output), Answer.gold(expected)))
    }
    guard !answers.isEmpty else {
      throw Failure("\(file): no samples", remedy: "Give the .jsonl of an evaluation's samples.")
    }
    let measurement = metric.measure(answers, seed: seed)
    self.metric = metric
    estimate = measurement.estimate
    scores = measurement.scores
    count = answers.count
  }

  /// Metric, value, error, number, and the score of each sample.
  public var json: JSON {
    [
      "metric": .string(metric.rawValue), "value": .number(estimate.value),
      "error": estimate.error.map { .number($0) } ?? .null, "n": JSON(count),
      "scores": scores.map { .numbers($0) } ?? .null,
    ]
  }
}

extension Fields {
  /// The text under the first of `keys` that is there.
  fileprivate mutating func first(of keys: [String]) throws(Failure) -> String {
    try string(keys.first { has($0) } ?? keys[0])
  }
}

extension Metric {
  /// The metric that a user named.
  ///
  /// - Throws: `Failure` saying why one is not computed here, or which one may have been meant.
  public static func named(_ name: String) throws(Failure) -> Metric {
    if let metric = Metric(named: name) { return metric }
    if let need = uncomputed[name] {
      throw Failure(
        "the metric \(name) is not computed: it needs \(need)", remedy: "Take another metric.")
    }
    throw Failure("no metric is called \"\(name)\"", remedy: remedy(for: name))
  }
}
