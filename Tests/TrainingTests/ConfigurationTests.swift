import Base
import Formats
import Tensors
import Testing

@testable import Training

@Suite("Training configurations") struct ConfigurationTests {
  static let text = """
    steps: 240
    batch_size: 8
    sequence_length: 64
    seed: 5
    tokenizer: small
    model:
      hidden_size: 32
      num_hidden_layers: 2
    data:
      corpus: world
    optimizer:
      learning_rate: 0.003
    schedule:
      warmup_steps: 20
      minimum_learning_rate: 3e-4
    checkpoint: {every: 20, keep: 3}
    spike:
      action: record
    inject: bad-batch@120
    """

  static func read(_ text: String, settings: [String] = []) throws -> TrainingConfiguration {
    let document = try YAML.document(text, file: "run.yaml")
    let json = try TrainingConfiguration.setting(settings, in: document.root) {
      try YAML.parse($0, file: "--set")
    }
    return try TrainingConfiguration(json, file: "run.yaml") { key in
      document.line(of: key).map { "run.yaml:\($0)" }
    }
  }

  /// The error of a configuration in which `old` stands as `new`.
  static func failure(_ old: String, _ new: String, settings: [String] = []) -> String {
    let text = Self.text.replacing(old, with: new)
    precondition(old.isEmpty || text != Self.text, "'\(old)' is not there")
    do {
      _ = try read(text, settings: settings)
      return "none"
    } catch { return oneLine(error) }
  }

  @Test func `terms of the loss and recomputation are read, and refused by name`() throws {
    let plain = try Self.read(Self.text)
    #expect(plain.lossTerms.z == 0 && plain.lossTerms.smoothing == 0 && plain.recompute == .none)
    let set = try Self.read(
      Self.text, settings: ["z_loss=1e-4", "label_smoothing=0.1", "recompute=selective"])
    #expect(set.lossTerms.z == 1e-4 && set.lossTerms.smoothing == 0.1)
    #expect(set.recompute == .selective)
    #expect(try TrainingConfiguration(set.json, file: "x") == set)
    for setting in ["z_loss=-1", "label_smoothing=1", "recompute=all"] {
      let key = String(setting.prefix { $0 != "=" })
      #expect(Self.failure("", "", settings: [setting]).contains(key))
    }
  }

  @Test func `what is written is read, the rest has its defaults`() throws {
    let configuration = try Self.read(Self.text)
    #expect(configuration.steps == 240 && configuration.batchSize == 8)
    #expect(configuration.optimizer.learningRate == 0.003)
    #expect(configuration.optimizer.beta2 == 0.95 && configuration.optimizer.clip == 1)
    #expect(configuration.schedule.minimumLearningRate == 3e-4)
    #expect(configuration.checkpoint == .init(every: 20, keep: 3))
    #expect(configuration.spike.action == .record && configuration.spike.window == 128)
    #expect(configuration.inject == [Injection(kind: .badBatch, step: 120)])
    #expect(configuration.validation.subsets == ["heldout"])
    #expect(configuration.model["hidden_size"] == 32)
  }

  @Test func `the resolved configuration reads as itself, through YAML too`() throws {
    let configuration = try Self.read(Self.text)
    #expect(try TrainingConfiguration(configuration.json, file: "x") == configuration)
    let again = try YAML.parse(YAML.text(configuration.json), file: "x")
    #expect(try TrainingConfiguration(again, file: "x") == configuration)
    #expect(again == configuration.json)
  }

  @Test(
    "mistakes are named with file, line and remedy",
    arguments: [
      ("steps: 240", "stpes: 240", "steps is missing"),
      ("  learning_rate", "  lerning_rate", "run.yaml:12: unknown key 'optimizer.lerning_rate'"),
      ("  learning_rate", "  lerning_rate", "Did you mean 'optimizer.learning_rate'?"),
      ("steps: 240", "steps: 0", "run.yaml:1: steps is 0. Give a whole number from 1 to"),
      ("steps: 240", "steps: many", "steps is \"many\""),
      ("batch_size: 8", "batch_size: 2.5", "run.yaml:2: batch_size is 2.5"),
      ("learning_rate: 0.003", "learning_rate: .nan", "optimizer.learning_rate"),
      ("learning_rate: 0.003", "learning_rate: -1", "optimizer.learning_rate is -1"),
      ("warmup_steps: 20", "warmup_steps: 241", "warms up for 241 of 240 steps"),
      ("3e-4", "0.004", "above the learning rate 0.003"),
      ("action: record", "action: pray", "one of record, skip"),
      ("  action: record", "  warmup: 129", "spike.warmup is 129, more than window 128"),
      ("bad-batch@120", "bad-batch@241", "bad-batch@241, but the run has 240 steps"),
      (
        "bad-batch@120", "bed-batch@120",
        "bad-batch, lr-jump, nan-grad, bit-flip, disk-full, slow, kill"
      ),
      ("corpus: world", "corpus: [a]", "data.corpus"),
      ("data:\n  corpus: world", "data: world", "data is no table"),
      ("seed: 5", "precision: fp16", "one of fp32, bf16"),
    ])
  func mistakes(_ old: String, _ new: String, _ expected: String) {
    let message = Self.failure(old, new)
    #expect(message.contains(expected), "\(message)")
  }

  @Test func `settings lie over the file, typed as YAML types them`() throws {
    let configuration = try Self.read(
      Self.text,
      settings: [
        "steps=480", "optimizer.beta1=0.8", "checkpoint.every=40", "validation.subset=dev",
        "inject=[bad-batch@3, lr-jump@4]", "model.rope_theta=5e5", "steps=500",
      ])
    #expect(configuration.steps == 500, "the last one counts")
    #expect(configuration.optimizer.beta1 == 0.8)
    #expect(configuration.optimizer.learningRate == 0.003, "neighbours stay")
    #expect(configuration.checkpoint == .init(every: 40, keep: 3))
    #expect(configuration.validation.subsets == ["dev"])
    #expect(configuration.inject.map(\.description) == ["bad-batch@3", "lr-jump@4"])
    #expect(configuration.model["rope_theta"]?.double == 5e5)
  }

  @Test(
    "settings that are none are refused",
    arguments: ["steps", "=5", ".=5", "optimizer..beta1=1", "steps.more=5", "stepz=5"])
  func settings(_ setting: String) {
    #expect(Self.failure("", "", settings: [setting]) != "none")
  }
}
