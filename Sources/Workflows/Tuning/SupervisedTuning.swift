public import Base
import Formats
public import Lab
import Models
import Tokenizers
import Training
public import Tuning

/// Supervised fine-tuning as a numbered experiment.
public enum SupervisedTuning {
  /// Reads a configuration file with settings laid over it.
  ///
  /// - Throws: `Failure` naming the key and where it was given its value: file and line, or the setting.
  public static func configuration(_ path: Path, settings: [String] = []) throws
    -> TuningConfiguration
  {
    try ConfigurationFile(path, settings: settings).read(TuningConfiguration.init)
  }

  /// Registers the experiment of a tuning, with its resolved configuration.
  ///
  /// Model and conversations are looked at first, so that nothing is registered that cannot begin. A checkpoint of
  /// another experiment is linked into its folder: that experiment may go on and remove it.
  public static func register(
    _ configuration: TuningConfiguration, slug: String, purpose: String = "", number: Int? = nil,
    in workspace: Workspace, _ context: WorkContext
  ) throws -> Experiment {
    let (pinned, base) = try pinned(configuration, in: workspace)
    let setup = try setup(pinned, from: base.folder, in: workspace)
    let text = YAML.text(pinned.json)
    var hashes = ["configuration": SHA256.hex(of: Array(text.utf8))]
    for (file, hash) in zip(pinned.data, setup.inputs) { hashes[file] = hash }
    return try Experiments(workspace).create(
      slug: slug, kind: .sft, number: number, purpose: purpose, links: [pinned.model],
      provenance: context.provenance(hashes: hashes)
    ) { folder in
      try Files.write(text, to: folder.config)
      if base.experiment != nil { try keep(base.folder, in: folder.base) }
    }
  }

  /// What a tuning would be, without registering anything.
  public struct Preview: Sendable {
    /// With the model's checkpoint in place of its experiment.
    public let configuration: TuningConfiguration
    /// Of the model.
    public let parameters: Int
    /// Updates that the conversations give.
    public let steps: Int
    /// What its record would warn of.
    public let warnings: [String]
  }

  /// Looks at everything a tuning needs.
  ///
  /// - Throws: `Failure` for what would keep it from beginning.
  public static func preview(_ configuration: TuningConfiguration, in workspace: Workspace) throws
    -> Preview
  {
    let (pinned, base) = try pinned(configuration, in: workspace)
    let setup = try setup(pinned, from: base.folder, in: workspace)
    return Preview(
      configuration: pinned, parameters: setup.model.config.parameterCount,
      steps: setup.plan.steps, warnings: base.warnings + setup.warnings)
  }

  /// The configuration with a checkpoint in place of an experiment's number, and that checkpoint.
  private static func pinned(_ configuration: TuningConfiguration, in workspace: Workspace) throws
    -> (configuration: TuningConfiguration, base: ModelReference)
  {
    let base = try configuration.places.using("model") {
      try ModelReference(configured: configuration.model, in: workspace)
    }
    var pinned = configuration
    pinned.model = base.experiment == nil ? workspace.relative(base.folder) : base.name
    return (pinned, base)
  }

  /// Links a checkpoint's model and tokenizer; the trainer's state is not needed to start from them.
  private static func keep(_ checkpoint: Path, in folder: Path) throws {
    try Files.makeDirectory(folder)
    for name in try Files.list(checkpoint) where name != "state" {
      try Files.linkOrCopy(checkpoint / name, to: folder / name)
    }
  }

  /// Runs a registered tuning, or goes on with it.
  public static func run(
    _ experiment: Experiment, in workspace: Workspace, _ context: WorkContext,
    takeover: Bool = false
  ) throws -> RunReport {
    let driver = RunDriver(
      experiment: experiment, workspace: workspace, context: context, takeover: takeover)
    return try driver.run {
      let configuration = try configuration(experiment.folder.config)
      let kept = experiment.folder.base
      let base =
        Files.exists(kept) ? kept : try pinned(configuration, in: workspace).base.folder
      return try setup(configuration, from: base, in: workspace)
    }
  }

  private static func setup(
    _ configuration: TuningConfiguration, from base: Path, in workspace: Workspace
  ) throws -> RunSetup {
    let folder = try ModelFolder(base)
    let tokenizer = try Tokenizer.load(base)
    var config = folder.config
    config.residualDropout = configuration.dropout
    guard configuration.sequenceLength <= config.maxPositions else {
      throw configuration.places.wrong(
        "sequence_length",
        "\(configuration.sequenceLength) exceeds the model's context of "
          + "\(config.maxPositions)", remedy: "Lower it to \(config.maxPositions).")
    }
    let model = Llama(config)
    let source = ExampleSource(
      try examples(configuration, tokenizer, in: workspace),
      batchSize: configuration.batchSize, sequenceLength: configuration.sequenceLength,
      epochs: configuration.epochs, seed: configuration.seed)
    guard source.steps > 0 else {
      throw configuration.places.wrong(
        "sequence_length",
        "\(configuration.sequenceLength) is too short: no conversation fits",
        remedy: "Raise sequence_length, or shorten the conversations.")
    }
    var plan = configuration.plan(steps: source.steps)
    plan.tokenBytes = TokenBytes.table(tokenizer)
    plan.flopsPerToken = 3 * config.forwardFLOPs(sequence: configuration.sequenceLength)
    return RunSetup(
      plan: plan, inputs: try hashes(configuration, workspace),
      tokenizerHash: tokenizer.fingerprint, tokenizerFolder: base, model: model,
      initialise: { try folder.load(on: $0).parameters }, source: source, validation: nil,
      stage: "fine-tuning", injections: [], warnings: warnings(source, configuration))
  }

  private static func hashes(_ configuration: TuningConfiguration, _ workspace: Workspace) throws
    -> [String]
  {
    try configuration.data.map { try SHA256.hex(ofFile: workspace.resolve($0)) }
  }

  private static func warnings(_ source: ExampleSource, _ configuration: TuningConfiguration)
    -> [String]
  {
    guard source.tooLong > 0 else { return [] }
    let what = source.tooLong == 1 ? "1 conversation is" : "\(source.tooLong) conversations are"
    return [
      "\(what) longer than sequence_length \(configuration.sequenceLength) and left out"
    ]
  }

  private static func examples(
    _ configuration: TuningConfiguration, _ tokenizer: Tokenizer, in workspace: Workspace
  ) throws -> [Example] {
    var examples: [Example] = []
    for file in configuration.data {
      let path = workspace.resolve(file)
      var reader = try configuration.places.using("data") { try JSONLinesReader(path) }
      while let line = try reader.next() {
        let place = "\(file):\(line.number)"
        switch line.content {
        case .malformed(let reason):
          throw Failure("\(place): \(reason)", remedy: "Mend or remove the line.")
        case .value(let json):
          examples.append(
            try Example(try Dialogue(json, place: place), tokenizer: tokenizer))
        }
      }
    }
    guard !examples.isEmpty else {
      throw Failure("there are no conversations to tune on", remedy: "Name their files in data.")
    }
    return examples
  }
}
