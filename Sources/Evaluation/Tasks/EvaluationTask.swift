public import Base

/// A question and the answer that is right, as the task's file writes them.
public struct Example: Equatable, Sendable {
  /// The text under "入力" of the prompt.
  public let input: String
  /// The expected output.
  public let output: String

  public init(input: String, output: String) {
    self.input = input
    self.output = output
  }
}

/// One task of an evaluation: an instruction, questions, and how the answers are measured.
public struct EvaluationTask: Equatable, Sendable {
  /// The name of the dataset, as "jnli".
  public let name: String
  /// The category it counts in; `nil` for one that counts in none, as jsts.
  public let category: Category?
  /// The version of the set it belongs to.
  public let version: String
  /// What may be done with its texts.
  public let level: ReleaseLevel
  /// What the model is told to do.
  public let instruction: String
  /// The most tokens of an answer.
  public let outputLength: Int
  /// The metrics of the file that are computed, in its order.
  public let metrics: [Metric]
  /// The metrics of the file that are not: they need a neural model or an analyser. By name.
  public let uncomputedMetrics: [String]
  /// The metric that stands for the task in its category.
  public let representative: Metric
  /// The only answers there are, for classification; `nil` for free answers.
  public let labels: [String]?
  /// The examples that may be shown before the question, in their order.
  public let shots: [Example]
  /// The questions.
  public let samples: [Example]

  public init(
    name: String, category: Category?, version: String, level: ReleaseLevel, instruction: String,
    outputLength: Int, metrics: [Metric], uncomputedMetrics: [String] = [],
    representative: Metric, labels: [String]? = nil, shots: [Example], samples: [Example]
  ) {
    precondition(metrics.contains(representative), "\(representative) is no metric of \(name)")
    self.name = name
    self.category = category
    self.version = version
    self.level = level
    self.instruction = instruction
    self.outputLength = outputLength
    self.metrics = metrics
    self.uncomputedMetrics = uncomputedMetrics
    self.representative = representative
    self.labels = labels
    self.shots = shots
    self.samples = samples
  }

  /// The SHA-256 of everything that can change a score, as hexadecimal digits.
  ///
  /// Category, version, level and labels do not enter: they change how a score is filed.
  public var hash: String {
    func list(_ examples: [Example]) -> JSON {
      .array(examples.map { [.string($0.input), .string($0.output)] })
    }
    let content: JSON = [
      "name": .string(name), "instruction": .string(instruction),
      "output_length": JSON(outputLength),
      "metrics": .array(metrics.map { .string($0.rawValue) }),
      "few_shots": list(shots), "samples": list(samples),
    ]
    return SHA256.hex(of: Array(content.text().utf8))
  }

  /// The same task with its first `count` samples only; all of them for `nil`.
  public func limited(to count: Int?) -> EvaluationTask {
    guard let count, count < samples.count else { return self }
    return EvaluationTask(
      name: name, category: category, version: version, level: level, instruction: instruction,
      outputLength: outputLength, metrics: metrics, uncomputedMetrics: uncomputedMetrics,
      representative: representative, labels: labels, shots: shots,
      samples: Array(samples.prefix(max(0, count))))
  }

  /// The score of the best constant answer: what knowing the task, but nothing of the question,
  /// is worth. 0 where the answer is free text.
  public var chance: Double {
    guard representative == .exactMatch, !samples.isEmpty else { return 0 }
    var counts: [[Unicode.Scalar]: Int] = [:]
    for sample in samples {
      counts[Array(Answer.gold(sample.output).unicodeScalars), default: 0] += 1
    }
    return Double(counts.values.max() ?? 0) / Double(samples.count)
  }
}
