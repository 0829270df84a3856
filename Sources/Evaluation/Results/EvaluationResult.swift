/// Everything an evaluation found.
public struct EvaluationResult: Equatable, Sendable {
  /// A row a task and metric, in the order of the tasks and of their metrics.
  public let rows: [MetricResult]
  /// Each question, in the order of the tasks.
  public let samples: [SampleResult]
}

/// What happens during an evaluation, for whoever wants to show it.
public enum EvaluationEvent: Equatable, Sendable {
  /// A task begins; `known` of its answers were kept from an earlier run.
  case started(task: String, samples: Int, known: Int)
  /// A question was answered and judged.
  case sample(SampleResult)
  /// A task has a score.
  case row(MetricResult)
}
