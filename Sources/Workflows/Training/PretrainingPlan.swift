public import Base
import Corpus
import Lab
public import Models
import Tensors
public import Training

/// The whole of a pre-training, before it begins.
public struct PretrainingPlan: Sendable {
  /// Everything resolved.
  public let configuration: TrainingConfiguration
  public let model: ModelPlan
  /// Tokens it reads in all.
  public let tokens: Int
  /// Tokens of each subset that is trained on, if the corpus is tokenised already.
  public let subsets: [(name: String, tokens: Int)]?
  /// Checkpoints that stand in the end, and at most at once.
  public let checkpoints: Int
  /// Free bytes where they go.
  public let freeBytes: Int
  /// Operations a second of this machine's products.
  public let rate: Double

  init(
    _ configuration: TrainingConfiguration, _ model: LlamaConfig, _ corpus: CorpusVersion,
    in root: Path, rate: Double
  ) throws {
    self.configuration = configuration
    self.rate = rate
    var load = ModelPlan.Load(sequence: configuration.sequenceLength)
    load.batch = configuration.batchSize
    load.precision = configuration.precision
    load.recompute = configuration.recompute
    self.model = try ModelPlan(model, load)
    let (all, isHuge) = configuration.steps.multipliedReportingOverflow(
      by: configuration.tokensPerStep)
    tokens = isHuge ? .max : all
    let isTokenised = try corpus.tokenizations().contains(configuration.tokenizer)
    subsets =
      isTokenised
      ? try corpus.statistics(tokenizer: configuration.tokenizer)
        .filter { !configuration.validation.subsets.contains($0.name) && $0.level.allows(.train) }
        .map { (name: $0.name, tokens: $0.tokens ?? 0) }
      : nil
    checkpoints = configuration.checkpoint.standing(steps: configuration.steps)
    freeBytes = try Files.freeBytes(at: root)
  }

  /// How often each token of the corpus is read; of every subset as often, as all are one stream.
  public var epochs: Double? {
    guard let all = subsets?.reduce(0, { $0 + $1.tokens }), all > 0 else { return nil }
    return Double(tokens) / Double(all)
  }

  /// What one checkpoint takes: weights and two moments of four bytes.
  public var checkpointBytes: Int {
    let moments = [.adamw, .muon].contains(configuration.optimizer.type) ? 2 : 1
    return 4 * (1 + moments) * model.parameters
  }

  public var secondsPerStep: Double { model.secondsPerStep(at: rate) }

  /// Figures under their names, for programs.
  public var json: [(String, JSON)] {
    let (disk, _) = checkpointBytes.multipliedReportingOverflow(by: checkpoints)
    return [
      ("parameters", JSON(model.parameters)), ("steps", JSON(configuration.steps)),
      ("tokens_per_step", JSON(configuration.tokensPerStep)), ("tokens", JSON(tokens)),
      ("epochs", epochs.map { .number($0) } ?? .null),
      (
        "subsets",
        subsets.map { subsets in
          .object(
            JSONObject(
              subsets.map { subset in
                let share = epochs.map { JSON.number($0) } ?? .null
                return (subset.name, ["tokens": JSON(subset.tokens), "epochs": share] as JSON)
              }))
        } ?? .null
      ),
      ("memory_bytes", JSON(model.training.total)), ("snapshot_bytes", JSON(checkpointBytes)),
      ("seconds_per_step", .number(secondsPerStep)),
      ("seconds", .number(secondsPerStep * Double(configuration.steps))),
      ("checkpoint_bytes", JSON(checkpointBytes)), ("checkpoints", JSON(checkpoints)),
      ("disk_bytes", JSON(disk)), ("free_bytes", JSON(freeBytes)),
    ]
  }

  /// The same for people, a line each.
  public var lines: [String] {
    let disk = checkpointBytes.multipliedReportingOverflow(by: checkpoints).partialValue
    var lines = [
      "parameters: \(Format.count(model.parameters))",
      "steps: \(Format.count(configuration.steps))",
      "tokens_per_step: \(Format.count(configuration.tokensPerStep))",
      "tokens: \(Format.count(tokens))",
    ]
    if let subsets, let epochs {
      lines += subsets.map {
        "subset \($0.name): \(Format.count($0.tokens)) tokens, \(Format.significant(epochs, 3)) epochs"
      }
    } else {
      lines.append("epochs: not known before the corpus is tokenised ('kaji corpus tokenize')")
    }
    lines += [
      "memory: \(Format.bytes(model.training.total)), and \(Format.bytes(checkpointBytes)) more while a checkpoint "
        + "is written",
      "time: \(Format.duration(secondsPerStep * Double(configuration.steps))) for the products of "
        + "matrices alone, at \(Format.significant(rate / 1e9, 3)) GFLOP/s",
      "disk: \(Format.bytes(disk)) for \(Format.count(checkpoints)) checkpoints; "
        + "\(Format.bytes(freeBytes)) are free",
    ]
    if disk > freeBytes { lines.append("warning: the disk has no room for all checkpoints") }
    return lines
  }
}
