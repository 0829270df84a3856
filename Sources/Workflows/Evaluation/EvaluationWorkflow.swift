public import Base
import Evaluation
import Formats
import Generation
public import Lab

/// Evaluates models on the nine categories, as a numbered experiment that keeps every answer.
public enum EvaluationWorkflow {
  /// Registers and runs an evaluation of one model.
  ///
  /// - Parameters:
  ///   - tasks: the folder of the task set.
  ///   - names: tasks or categories; none: all.
  ///   - shots: examples put before each question, as far as the context has room.
  ///   - samples: how many of each task's first samples are asked; `nil`: all.
  ///   - slug: the experiment's; one of that slug that was cut short is gone on with.
  ///     `nil`: named for the model, and gone on with if it asked the same.
  /// - Returns: the rows, main metrics and others.
  /// - Throws: `Failure` if model or tasks cannot be read.
  public static func run(
    _ reference: ModelReference, tasks folder: Path, names: [String] = [], shots: Int = 4,
    samples: Int? = nil, slug: String? = nil, in workspace: Workspace, _ context: WorkContext
  ) throws -> (experiment: Int, rows: [ScoreRow]) {
    let set = try TaskSet(folder: folder)
    let tasks = try set.selecting(names)
    let name = slug ?? "eval-\(reference.name.replacing("@", with: "-"))"
    let purpose = purpose(of: set, names, shots, samples)
    func work(_ experiment: Experiment) throws -> (experiment: Int, rows: [ScoreRow]) {
      let rows = try evaluate(
        reference, tasks, shots: shots, samples: samples, to: experiment.folder, context)
      return (experiment.number, rows)
    }
    if slug == nil, let begun = try Undertaking.unfinished(name, .eval, purpose, in: workspace),
      !Experiments(workspace).state(of: begun).isLive
    {
      return try Undertaking.resume(begun, in: workspace, context, work)
    }
    return try Undertaking.perform(
      name, .eval, purpose: purpose, links: [reference.name], goingOn: slug != nil, in: workspace,
      context, work)
  }

  /// All that tells one evaluation of a model from another.
  private static func purpose(
    of set: TaskSet, _ names: [String], _ shots: Int, _ samples: Int?
  ) -> String {
    let extent = samples.map { ", \($0) samples a task" } ?? ""
    return (["\(set.name) \(set.version), \(shots) shots\(extent)"] + names).joined(separator: " ")
  }

  /// Evaluates into the folder of an experiment.
  static func evaluate(
    _ reference: ModelReference, _ tasks: [EvaluationTask], shots: Int, samples: Int?,
    to folder: ExperimentFolder, _ context: WorkContext
  ) throws -> [ScoreRow] {
    let model = try reference.load(context)
    let identity = try identity(reference)
    let evaluator = Evaluator(
      model: model, identity: identity,
      options: EvaluationOptions(prompt: PromptOptions(shots: shots), mostSamples: samples),
      answers: folder.path / "answers")
    let result = try evaluator.evaluate(
      tasks, progress: context.progress, cancellation: context.cancellation)
    let rows = result.rows.map { scoreRow($0, reference) }
    let metrics = Dictionary(
      result.rows.filter(\.isRepresentative).map { ($0.task, $0.metric.rawValue) },
      uniquingKeysWith: { first, _ in first })
    // What an attempt that was cut short had written comes again, from its answers.
    for file in try Scores(folder.scores).files() { try Files.remove(file) }
    let writer = try ScoreWriter(folder.scores, name: "scores")
    for row in rows { try writer.append(row) }
    for sample in result.samples where sample.level.allows(.show) {
      try writer.append(
        sampleRow(sample, reference, identity, metric: metrics[sample.task] ?? ""))
    }
    try writer.finish()
    return rows
  }

  /// What the rows say of the model: the hash of its weights, and how long it was trained.
  private static func identity(_ reference: ModelReference) throws -> ModelIdentity {
    var hash = SHA256()
    if GGUFFile.isNamed(reference.folder) {
      hash.update(Array(try SHA256.hex(ofFile: reference.folder).utf8))
      return ModelIdentity(
        hash: hexadecimal(hash.finalize()), name: reference.name, step: nil, trainedTokens: nil)
    }
    for name in try Files.list(reference.folder)
    where name.hasSuffix(".safetensors") || name == "tokenizer.json" || name == "config.json" {
      hash.update(Array(try SHA256.hex(ofFile: reference.folder / name).utf8))
    }
    let state = try? JSON.read(reference.folder / "state/trainer.json")
    return ModelIdentity(
      hash: hexadecimal(hash.finalize()), name: reference.name, step: reference.step,
      trainedTokens: state?["tokens"]?.int)
  }

  private static func scoreRow(_ row: MetricResult, _ reference: ModelReference)
    -> ScoreRow
  {
    ScoreRow(
      model: row.model.name, modelHash: row.model.hash, experiment: reference.experiment,
      step: row.model.step, trainedTokens: row.model.trainedTokens, task: row.task,
      category: row.category?.rawValue ?? "other", version: row.version, shots: row.shots,
      promptHash: row.promptHash, metric: row.metric.rawValue, value: row.estimate.value,
      error: row.estimate.error, n: row.count, seed: Int(clamping: row.seed), chance: row.chance,
      isPrimary: row.isRepresentative)
  }

  private static func sampleRow(
    _ sample: SampleResult, _ reference: ModelReference, _ identity: ModelIdentity,
    metric: String
  ) -> SampleRow {
    SampleRow(
      model: reference.name, modelHash: identity.hash, task: sample.task,
      category: sample.category?.rawValue ?? "other", shots: sample.shots, index: sample.index,
      prompt: sample.prompt, output: sample.output, expected: sample.expected, metric: metric,
      score: sample.score,
      verdict: sample.verdict == .correct ? true : sample.verdict == .wrong ? false : nil,
      details: [
        "prediction": JSON(sample.prediction), "stop_reason": JSON(sample.stopReason),
        "level": JSON(sample.level.rawValue),
      ])
  }
}
