public import Base
import Corpus
import Formats
public import Lab
import Models
import Tokenizers
public import Training

/// Pre-training as a numbered experiment.
public enum Pretraining {
  /// Reads a configuration file with settings laid over it.
  ///
  /// - Parameter settings: as `optimizer.learning_rate=0.001`, one each.
  /// - Throws: `Failure` naming the key and where it was given its value: file and line, or the setting.
  public static func configuration(_ path: Path, settings: [String] = []) throws
    -> TrainingConfiguration
  {
    try ConfigurationFile(path, settings: settings).read(TrainingConfiguration.init)
  }

  /// Registers the experiment of a pre-training, with its resolved configuration.
  ///
  /// Corpus, tokenizer and model are looked at first, so that nothing is registered that cannot begin.
  public static func register(
    _ configuration: TrainingConfiguration, slug: String, purpose: String = "",
    number: Int? = nil, in workspace: Workspace, _ context: WorkContext
  ) throws -> Experiment {
    let pinned = try pinned(configuration, in: workspace)
    let tokenizer = try tokenizer(pinned, in: workspace).tokenizer
    _ = try model(pinned, tokenizer)
    let corpus = try CorpusVersion(pinned.data.corpus, workspace: workspace.root)
    let text = YAML.text(pinned.json)
    let hashes = [
      "corpus": try SHA256.hex(ofFile: corpus.folder / "corpus.yaml"),
      "tokenizer": tokenizer.fingerprint, "configuration": SHA256.hex(of: Array(text.utf8)),
    ]
    return try Experiments(workspace).create(
      slug: slug, kind: .pretrain, number: number, purpose: purpose,
      links: [pinned.data.corpus, pinned.tokenizer], provenance: context.provenance(hashes: hashes)
    ) { folder in try Files.write(text, to: folder.config) }
  }

  /// What a pre-training would be, without registering anything.
  ///
  /// - Throws: `Failure` for what would keep it from beginning.
  public static func plan(
    _ configuration: TrainingConfiguration, in workspace: Workspace, _ context: WorkContext
  ) throws -> PretrainingPlan {
    let pinned = try pinned(configuration, in: workspace)
    let model = try model(pinned, try tokenizer(pinned, in: workspace).tokenizer)
    return try PretrainingPlan(
      pinned, model.config, try CorpusVersion(pinned.data.corpus, workspace: workspace.root),
      in: workspace.root, rate: try Planning.productRate(context, pinned.precision))
  }

  /// Runs a registered pre-training, or goes on with it.
  public static func run(
    _ experiment: Experiment, in workspace: Workspace, _ context: WorkContext,
    takeover: Bool = false
  ) throws -> RunReport {
    let driver = RunDriver(
      experiment: experiment, workspace: workspace, context: context, takeover: takeover)
    return try driver.run {
      try setup(try configuration(experiment.folder.config), in: workspace, context)
    }
  }

  /// The configuration with versions in place of names, so that it means the same for ever.
  private static func pinned(_ configuration: TrainingConfiguration, in workspace: Workspace) throws
    -> TrainingConfiguration
  {
    var pinned = configuration
    let corpus = try configuration.places.using("data.corpus") {
      try VersionStore.corpora(of: workspace.root).resolve(configuration.data.corpus)
    }
    pinned.data.corpus = "\(corpus.name)@\(versionName(corpus.version))"
    let tokenizer = try configuration.places.using("tokenizer") {
      try VersionStore.tokenizers(of: workspace.root).resolve(configuration.tokenizer)
    }
    pinned.tokenizer = "\(tokenizer.name)@\(versionName(tokenizer.version))"
    return pinned
  }

  private static func setup(
    _ configuration: TrainingConfiguration, in workspace: Workspace, _ context: WorkContext
  ) throws -> RunSetup {
    let (folder, tokenizer) = try tokenizer(configuration, in: workspace)
    let model = try model(configuration, tokenizer)
    let corpus = try CorpusVersion(configuration.data.corpus, workspace: workspace.root)
    let shards = try CorpusWorkflow.tokenize(
      corpus,
      by: try DocumentEncoder(tokenizer), called: configuration.tokenizer,
      heldOut: configuration.validation.subsets, in: workspace, context)
    let order = try DataOrder(
      shards, sequenceLength: configuration.sequenceLength, batchSize: configuration.batchSize,
      seed: configuration.seed)
    let heldOut = ValidationOrder(shards, context: configuration.sequenceLength)
    let subsetOfFile = Dictionary(
      corpus.manifest.files.map { ($0.number, $0.subset) }, uniquingKeysWith: { $1 })
    var plan = TrainingPlan(configuration)
    plan.tokenBytes = TokenBytes.table(tokenizer)
    plan.flopsPerToken = 3 * model.config.forwardFLOPs(sequence: configuration.sequenceLength)
    return RunSetup(
      plan: plan, tokenizerHash: tokenizer.fingerprint,
      tokenizerFolder: folder, model: model,
      initialise: { try model.initialise(on: $0, seed: configuration.seed) },
      source: CorpusBatches(
        order: order, subsetOfFile: subsetOfFile),
      validation: heldOut.count == 0
        ? nil
        : { model, parameters in
          let loss = try HeldOutLoss(heldOut, model, parameters, subsetOfFile: subsetOfFile)
          return { try loss() }
        },
      stage: "pre-training", injections: configuration.inject,
      lossTerms: configuration.lossTerms, recompute: configuration.recompute,
      precision: configuration.precision, fp8: configuration.fp8)
  }

  private static func tokenizer(_ configuration: TrainingConfiguration, in workspace: Workspace)
    throws -> (folder: Path, tokenizer: Tokenizer)
  {
    let store = VersionStore.tokenizers(of: workspace.root)
    let found = try store.resolve(configuration.tokenizer)
    let folder = store.path(of: found.name, version: found.version)
    return (folder, try Tokenizer.load(folder))
  }

  /// The model of a configuration, with the tokenizer's sizes and ids filled in.
  private static func model(_ configuration: TrainingConfiguration, _ tokenizer: Tokenizer) throws
    -> Llama
  {
    var keys = configuration.model
    if keys["vocab_size"] == nil { keys["vocab_size"] = JSON(tokenizer.count) }
    if keys["max_position_embeddings"] == nil {
      keys["max_position_embeddings"] = JSON(configuration.sequenceLength)
    }
    for (key, id) in [
      ("bos_token_id", tokenizer.special.begin), ("eos_token_id", tokenizer.special.end),
      ("pad_token_id", tokenizer.special.pad),
    ] where keys[key] == nil {
      keys[key] = id.map { JSON(Int($0)) }
    }
    let places = configuration.places
    if configuration.dropout > 0 {
      let dropout = JSON(configuration.dropout)
      guard keys["residual_dropout"] == nil || keys["residual_dropout"] == dropout else {
        throw places.wrong(
          "dropout", "is \(dropout.text()), and model.residual_dropout another",
          remedy: "They are the same setting: leave one of them out.")
      }
      keys["residual_dropout"] = dropout
    }
    let config = try LlamaConfig(
      json: .object(keys), strict: true, file: places.file, path: "model", place: places.place)
    guard config.vocabSize >= tokenizer.count else {
      throw places.wrong(
        "model.vocab_size",
        "is \(config.vocabSize), but the tokenizer has \(tokenizer.count) ids",
        remedy: "Leave model.vocab_size out, or set it to \(tokenizer.count) or more.")
    }
    guard config.maxPositions >= configuration.sequenceLength else {
      throw places.wrong(
        "sequence_length",
        "\(configuration.sequenceLength) exceeds model.max_position_embeddings "
          + "\(config.maxPositions)", remedy: "Lower the one or raise the other.")
    }
    return Llama(config)
  }
}
