public import Base
public import Generation

/// Asks a model the questions of tasks and measures its answers, as llm-jp-eval does.
///
/// Every answer is generated greedily, a label too, and compared as text. The result depends on
/// model, tasks and options alone: not on the batch, nor on what was kept from an earlier run.
public struct Evaluator: Sendable {
  private let model: any LanguageModel
  private let identity: ModelIdentity
  private let options: EvaluationOptions
  private let answers: Path?
  private let batch: Int

  /// - Parameters:
  ///   - identity: names the model in the rows; its hash also finds the answers it gave before.
  ///   - answers: the folder in which answers are kept from one run to the next; `nil`: they are not.
  ///   - batch: how many prompts go to the model at once.
  public init(
    model: any LanguageModel, identity: ModelIdentity, options: EvaluationOptions = .init(),
    answers: Path? = nil, batch: Int = 16
  ) {
    precondition(batch > 0, "a batch of \(batch) prompts")
    self.model = model
    self.identity = identity
    self.options = options
    self.answers = answers
    self.batch = batch
  }

  /// Runs the tasks, one after another.
  ///
  /// - Throws: ``EvaluationInterrupted`` if cancelled (what was answered is kept), `Failure` for a
  ///   task whose level forbids testing, and what the model throws.
  public func evaluate(
    _ tasks: [EvaluationTask], progress: any ProgressReporter = SilentProgress(),
    cancellation: CancellationFlag? = nil, onEvent: (EvaluationEvent) -> Void = { _ in }
  ) throws -> EvaluationResult {
    let tasks = tasks.map { $0.limited(to: options.mostSamples) }
    for task in tasks where !task.level.allows(.test) {
      throw Failure(
        "the task \(task.name) is of level \(task.level.rawValue), which may not be used for tests",
        remedy: "Leave it out.")
    }
    var run = EvaluationRun(
      model: model, identity: identity, options: options, batch: batch,
      cache: try answers.map { try AnswerCache(folder: $0) } ?? AnswerCache(),
      total: tasks.reduce(0) { $0 + $1.samples.count }, progress: progress,
      cancellation: cancellation)
    var rows: [MetricResult] = []
    var samples: [SampleResult] = []
    for task in tasks {
      let result = try run.evaluate(task, onEvent: onEvent)
      rows += result.rows
      samples += result.samples
    }
    return EvaluationResult(rows: rows, samples: samples)
  }
}
