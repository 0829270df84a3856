import Base
import Corpus
import Formats
import Lab
import Synchronization
import TestSupport
import Tokenizers
import Training
import Tuning
import Workflows

/// A workspace with a small corpus and a small tokenizer, and a run in it that takes a moment.
struct TinyWorkspace {
  let workspace: Workspace

  private static let tokenizer: Result<TokenizerFiles, any Error> = Result {
    var settings = UnigramSettings()
    settings.vocabularySize = 420
    settings.requiredCharacters = "以下はタスクを説明する指示です。要求適切に満応答書きなさい#:?"
    return try TokenizerFiles(
      UnigramTrainer.train(InventedText.documents(150), settings: settings))
  }

  /// Makes the workspace in a folder of its own, which is removed afterwards.
  static func with<Result>(_ body: (TinyWorkspace) throws -> Result) throws -> Result {
    try withTemporaryFolder { folder in try body(try TinyWorkspace(folder)) }
  }

  init(_ folder: Path) throws {
    workspace = try Workspace.create(at: folder / "ws")
    func line(_ text: String) -> String { JSON.object([("text", JSON(text))]).text() + "\n" }
    let documents = InventedText.documents(160)
    try Files.write(documents.prefix(150).map(line).joined(), to: folder / "train.jsonl")
    try Files.write(documents.suffix(10).map(line).joined(), to: folder / "heldout.jsonl")
    _ = try CorpusImport(
      "world", number: 1,
      sources: [
        ImportSource(folder / "train.jsonl", subset: "wiki", language: "ja", level: .L1),
        ImportSource(folder / "heldout.jsonl", subset: "heldout", language: "ja", level: .LX),
      ], into: .corpora(of: workspace.root)
    ).run()
    let staged = try VersionStore.tokenizers(of: workspace.root).begin("small", version: 2)
    try Self.tokenizer.get().write(to: staged.folder)
    try staged.commit()
  }

  /// A configuration of 60 updates on a model of two layers.
  func configuration(_ settings: [String] = []) throws -> TrainingConfiguration {
    let file = workspace.root / "run.yaml"
    try Files.write(
      """
      steps: 60
      batch_size: 4
      sequence_length: 48
      seed: 7
      tokenizer: small
      model: {hidden_size: 48, intermediate_size: 96, num_hidden_layers: 2,
              num_attention_heads: 4, num_key_value_heads: 2, tie_word_embeddings: true}
      data: {corpus: world}
      optimizer: {learning_rate: 0.01}
      schedule: {warmup_steps: 5, minimum_learning_rate: 0.001}
      validation: {every: 30}
      checkpoint: {every: 20}
      spike: {warmup: 24}
      """, to: file)
    return try Pretraining.configuration(file, settings: settings)
  }

  func register(_ settings: [String] = []) throws -> Experiment {
    try Pretraining.register(
      try configuration(settings), slug: "tiny", in: workspace, WorkContext())
  }

  /// Trains, and asks for something when so many updates are done.
  @discardableResult
  func run(_ experiment: Experiment, asking requests: [Int: Request] = [:]) throws -> RunReport {
    try Pretraining.run(
      experiment, in: workspace,
      WorkContext(progress: Asker(experiment.folder.control, requests)))
  }

  /// A run that nobody disturbs.
  func undisturbed(_ settings: [String] = []) throws -> Experiment {
    let experiment = try register(settings)
    try run(experiment)
    return experiment
  }
}

/// Sends requests to a run when it has come so far.
struct Asker: ProgressReporter {
  private let control: Control
  private let requests: [Int: Request]

  init(_ folder: Path, _ requests: [Int: Request]) {
    control = Control(folder)
    self.requests = requests
  }

  func update(_ state: ProgressState) {
    guard state.stage.hasSuffix("ing"), state.unit.isEmpty, let request = requests[state.done]
    else { return }
    _ = try? control.send(request)
  }
}

extension Experiment {
  /// The record of its run.
  var record: RunReader {
    var reader = RunReader(folder.run)
    reader.refresh()
    return reader
  }

  /// What `runs show` says of the metrics that do not depend on the clock.
  var metrics: [String: JSON] {
    var metrics: [String: JSON] = [:]
    for name in ["loss", "gradient_norm", "learning_rate", "validation_loss", "tokens"] {
      metrics[name] = record[name]?.summary.json
    }
    return metrics
  }

  /// The kinds of events that count, by their steps: a checkpoint is told of when it is written.
  var kinds: [EventKind] {
    record.events.filter { !$0.isSuperseded }.enumerated()
      .sorted { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }.map(\.element.kind)
  }

  /// The bytes of the files by which two checkpoints are compared.
  func bytes(_ step: Int) throws -> [[UInt8]] {
    let names = [
      "model.safetensors", "state/optimizer-00001-of-00001.safetensors", "state/trainer.json",
      "config.json", "tokenizer.json",
    ]
    return try names.map { try Files.read(folder.checkpoint(step) / $0) }
  }
}
