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
  /// - Throws: `Failure` naming file, line and key.
  public static func configuration(_ path: Path, settings: [String] = []) throws
    -> TuningConfiguration
  {
    let document = try YAML.read(path)
    let json = try TrainingConfiguration.setting(settings, in: document.root) { text in
      try YAML.parse(text, file: "--set")
    }
    return try TuningConfiguration(json, file: path.string) { document.line(of: $0) }
  }

  /// Registers the experiment of a tuning, with its resolved configuration.
  public static func register(
    _ configuration: TuningConfiguration, slug: String, purpose: String = "", number: Int? = nil,
    in workspace: Workspace, _ context: WorkContext
  ) throws -> Experiment {
    var pinned = configuration
    let base = try ModelReference(configured: configuration.model, in: workspace)
    pinned.model = base.experiment == nil ? workspace.relative(base.folder) : base.name
    let text = YAML.text(pinned.json)
    var hashes = ["configuration": SHA256.hex(of: Array(text.utf8))]
    for file in configuration.data {
      hashes[file] = try SHA256.hex(ofFile: workspace.resolve(file))
    }
    let experiment = try Experiments(workspace).create(
      slug: slug, kind: .sft, number: number, purpose: purpose, links: [pinned.model],
      provenance: context.provenance(hashes: hashes))
    try Files.write(text, to: experiment.folder.config)
    return experiment
  }

  /// Runs a registered tuning, or goes on with it.
  public static func run(
    _ experiment: Experiment, in workspace: Workspace, _ context: WorkContext,
    takeover: Bool = false
  ) throws -> RunReport {
    let configuration = try configuration(experiment.folder.config)
    let driver = RunDriver(
      experiment: experiment, workspace: workspace, context: context, takeover: takeover)
    return try driver.run(try setup(configuration, in: workspace))
  }

  private static func setup(_ configuration: TuningConfiguration, in workspace: Workspace) throws
    -> RunSetup
  {
    let base = try ModelReference(configured: configuration.model, in: workspace)
    let folder = try ModelFolder(base.folder)
    let tokenizer = try Tokenizer.load(base.folder)
    var config = folder.config
    config.residualDropout = configuration.dropout
    guard configuration.sequenceLength <= config.maxPositions else {
      throw Failure(
        "sequence_length \(configuration.sequenceLength) exceeds the model's context of "
          + "\(config.maxPositions)", remedy: "Lower it to \(config.maxPositions).")
    }
    let model = Llama(config)
    let source = ExampleSource(
      try examples(configuration, tokenizer, in: workspace),
      batchSize: configuration.batchSize, sequenceLength: configuration.sequenceLength,
      epochs: configuration.epochs, seed: configuration.seed)
    guard source.steps > 0 else {
      throw Failure(
        "no answer lies within sequence_length \(configuration.sequenceLength)",
        remedy: "Raise sequence_length, or shorten the prompts.")
    }
    return RunSetup(
      plan: configuration.plan(steps: source.steps), inputs: try hashes(configuration, workspace),
      tokenizerHash: tokenizer.fingerprint, tokenizerFolder: base.folder, model: model,
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
    guard source.cut > 0 else { return [] }
    return [
      "\(source.cut) conversations are longer than sequence_length "
        + "\(configuration.sequenceLength) and cut; \(source.unused) have no answer left"
    ]
  }

  private static func examples(
    _ configuration: TuningConfiguration, _ tokenizer: Tokenizer, in workspace: Workspace
  ) throws -> [Example] {
    var examples: [Example] = []
    for file in configuration.data {
      let path = workspace.resolve(file)
      var reader = try JSONLinesReader(path)
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
