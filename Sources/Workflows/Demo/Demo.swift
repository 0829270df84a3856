public import Base
import Corpus
import Lab
import Training
import Tuning

/// The whole life of a small model on the sample data, through the same modules as any other work.
///
/// Each stage looks for what an earlier sitting left and goes on from there.
public struct Demo: Sendable {
  let workspace: Workspace
  let context: WorkContext
  private let sampleData: Path
  private let preset: DemoPreset
  /// Told what happens, in one line a stage.
  private let say: @Sendable (String) -> Void

  /// A demo in the folder, which becomes a workspace if it is none yet.
  ///
  /// - Throws: `Failure` if the folder holds something else, or the sample data is missing.
  public init(
    in folder: Path, sampleData: Path, preset: DemoPreset, _ context: WorkContext,
    say: @escaping @Sendable (String) -> Void
  ) throws {
    workspace = try Workspace.create(at: folder)
    self.sampleData = sampleData
    self.preset = preset
    self.context = context
    self.say = say
  }

  /// How a sitting ended.
  public enum Outcome: Equatable, Sendable {
    case finished(DemoSummary)
    /// Saved in the midst of a run; the same command goes on.
    case stopped(RunReport)
  }

  /// The slugs of its experiments, by which a sitting finds what earlier ones made; its workspace may hold others
  /// of its user. The first three are those that the workflows give to what is made under ``name``.
  enum Slug: String, CaseIterable {
    case imported = "import-sample"
    case deduplicated = "dedup-sample"
    case tokenizer = "tokenizer-sample"
    case pretrained = "demo-pretrain"
    case tuned = "demo-sft"
    case baseScores = "demo-eval-base"
    case tunedScores = "demo-eval-tuned"
  }

  static let name = "sample"
  static let summaryName = "demo.json"
  var summaryFile: Path { workspace.root / Self.summaryName }

  /// Whether there is nothing left to do.
  public var isFinished: Bool { storedSummary() != nil }

  /// Does what is still to do.
  ///
  /// - Throws: `Failure`, or what a stage throws when it is cancelled.
  public func run() throws -> Outcome {
    if let summary = storedSummary() { return .finished(summary) }
    let clock = try DemoClock(preset, in: summaryFile)
    let ticker = try Ticker(every: 1) { clock.tick() }
    defer { withExtendedLifetime(ticker) { _ = clock.stop() } }
    let corpus = try corpus()
    let tokenizer = try tokenizer(of: corpus)
    let data = try tuningData()
    let plan = DemoPlan(preset, corpus: corpus, tokenizer: tokenizer, data: data)

    let pretrained = try pretrain(plan)
    guard pretrained.outcome == .finished else { return .stopped(pretrained) }
    let tuned = try tune(plan, base: pretrained.experiment)
    guard tuned.outcome == .finished else { return .stopped(tuned) }
    try evaluate(pretrained.experiment, .baseScores, plan)
    try evaluate(tuned.experiment, .tunedScores, plan)
    var summary = try summarise(pretrained, tuned, corpus: corpus, tokenizer: tokenizer)
    summary.preset = preset
    summary.seconds = clock.stop()
    try Files.write(summary.json.text(pretty: true) + "\n", to: summaryFile)
    return .finished(summary)
  }

  /// The corpus and the tokenizer made of the sample data, made now if they are not there, as NAME@VERSION.
  func materials() throws -> (corpus: String, tokenizer: String) {
    let corpus = try corpus()
    return (corpus, try tokenizer(of: corpus))
  }

  // MARK: Stages

  /// Imports the sample data and removes what occurs twice.
  private func corpus() throws -> String {
    let imported = try version(.imported) {
      say("importing the sample data")
      let sources = try ImportSource.manifest(sampleData / "corpus.json")
      let report = try CorpusWorkflow.importSources(
        sources, as: Self.name, goingOn: true, in: workspace, context)
      say("  \(Format.count(report.documents)) documents, \(report.malformed) malformed lines")
    }
    return try version(.deduplicated) {
      say("removing exact duplicates")
      let report = try CorpusWorkflow.deduplicate(imported, goingOn: true, in: workspace, context)
      say("  \(Format.count(report.kept)) documents kept")
    }
  }

  private func tokenizer(of corpus: String) throws -> String {
    try version(.tokenizer) {
      say("training a Unigram tokenizer")
      _ = try TokenizerWorkflow.train(
        name: Self.name, corpora: [corpus], vocabularySize: DemoPlan.vocabularySize, goingOn: true,
        in: workspace,
        context)
    }
  }

  /// The version that the experiment of a slug has made, as NAME@VERSION, after `make` if it has not yet.
  private func version(_ slug: Slug, _ make: () throws -> Void) throws -> String {
    if try find(slug)?.state != .finished { try make() }
    guard let made = try find(slug) else { preconditionFailure("\(slug.rawValue) is made") }
    return "\(Self.name)@\(versionName(made.number))"
  }

  /// Copies the pairs into the workspace, so that it is complete in itself.
  private func tuningData() throws -> String {
    let target = "data/instructions.jsonl"
    if !Files.exists(workspace.root / target) {
      try Files.makeDirectory(workspace.root / "data")
      try Files.write(
        try Files.read(sampleData / "tuning/instructions.jsonl"), to: workspace.root / target)
    }
    return target
  }

  private func pretrain(_ plan: DemoPlan) throws -> RunReport {
    let slug = Slug.pretrained
    let experiment: Experiment
    if let found = try find(slug) {
      experiment = found
    } else {
      let configuration = try TrainingConfiguration(plan.pretraining, file: "demo")
      experiment = try Pretraining.register(
        configuration, slug: slug.rawValue, purpose: "a small Llama on the sample data",
        in: workspace,
        context)
      for fault in configuration.inject {
        say("pre-training; at step \(fault.step) the demo feeds it a batch of random ids,")
        say("  which should show as a loss spike that the guard leaves out")
      }
    }
    try waitForOthers(experiment)
    return try Pretraining.run(experiment, in: workspace, context)
  }

  /// Waits for a run that another process is at, as one that was handed over.
  private func waitForOthers(_ experiment: Experiment) throws {
    guard let owner = try OwnerRecord.read(experiment.folder.owner),
      owner.process.isAlive == true, owner.process != .current
    else { return }
    say("\(owner.description) is at experiment \(experiment.number); waiting for it")
    let follower = RunFollower(experiment, every: 0.2, patience: 60)
    _ = follower.follow(until: { _ in context.cancellation.isCancelled }) { sight in
      let loss = sight.summary.loss.map { "loss " + Format.fixed($0, 3) } ?? ""
      context.progress.update(
        ProgressState(
          stage: "training elsewhere", done: sight.summary.step, total: sight.summary.totalSteps,
          note: loss))
    }
    try context.cancellation.check("the wait for experiment \(experiment.number)")
  }

  private func tune(_ plan: DemoPlan, base: Int) throws -> RunReport {
    let slug = Slug.tuned
    let experiment: Experiment
    if let found = try find(slug) {
      experiment = found
    } else {
      guard case .object(var keys) = plan.tuning else { preconditionFailure("no table of keys") }
      keys["model"] = JSON(base)
      say("fine-tuning on instruction pairs, loss on the responses only")
      experiment = try SupervisedTuning.register(
        try TuningConfiguration(.object(keys), file: "demo"), slug: slug.rawValue,
        purpose: "instruction tuning of the small Llama", in: workspace, context)
    }
    try waitForOthers(experiment)
    return try SupervisedTuning.run(experiment, in: workspace, context)
  }

  private func evaluate(_ number: Int, _ slug: Slug, _ plan: DemoPlan) throws {
    if try find(slug)?.state == .finished { return }
    let model = try ModelReference(experiment: number, step: nil, in: workspace)
    say("evaluating \(model.name) on the nine categories")
    _ = try EvaluationWorkflow.run(
      model, tasks: sampleData / "tasks", shots: 0, samples: plan.samples, slug: slug.rawValue,
      in: workspace, context)
  }

  func find(_ slug: Slug) throws -> Experiment? {
    try Experiments(workspace).list().experiments.last { $0.slug == slug.rawValue }
  }
}
