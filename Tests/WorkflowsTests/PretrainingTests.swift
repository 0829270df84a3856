import Base
import Formats
import Glibc
import Lab
import TestSupport
import Testing
import Training
import Workflows

@Suite("Pre-training") struct PretrainingTests {
  @Test func `learns, records, saves, and is finished`() throws {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.register()
      let report = try tiny.run(experiment)
      #expect(report.outcome == .finished && report.step == 60)
      let reader = experiment.record
      let losses = try #require(reader["loss"])
      #expect(losses.count == 60 && losses.firstStep == 1 && losses.lastStep == 60)
      #expect(abs(losses.value(at: 1)! - log(420)) < 0.3, "near ln 420")
      #expect(report.loss! < losses.value(at: 1)! - 2)
      #expect(report.loss == losses.last)
      #expect(report.validationLoss! < losses.value(at: 1)! - 2)
      #expect(reader["validation_loss"]?.count == 2)
      #expect(reader["tokens"]?.last == 11_520)
      #expect(
        Set(reader.metrics)
          == [
            "loss", "validation_loss", "gradient_norm", "learning_rate", "tokens_per_second",
            "tokens",
          ])
      #expect(
        experiment.kinds
          == [
            .start, .checkpoint, .validation, .checkpoint, .validation, .checkpoint, .end,
          ])
      #expect(reader.spikes == 0 && reader.problems.isEmpty)
      #expect(Experiments(tiny.workspace).state(of: experiment) == .finished)
      #expect(experiment.folder.checkpointSteps() == [20, 40, 60])
      #expect(
        try Files.list(report.checkpoint!)
          == [
            "config.json", "generation_config.json", "model.safetensors",
            "special_tokens_map.json", "state", "tokenizer.json", "tokenizer_config.json",
          ])
      #expect(!Files.exists(experiment.folder.owner))

      let again = try tiny.run(experiment)
      #expect(again.outcome == .finished && again.loss == report.loss)
      #expect(again.validationLoss == report.validationLoss)
      #expect(experiment.record.segmentHeaders.count == 1, "nothing was added")
    }
  }

  @Test func `its provenance and configuration say what it was made of`() throws {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.register(["steps=6", "optimizer.beta2=0.9"])
      let written = try YAML.read(experiment.folder.config).root
      #expect(written["data"]?["corpus"] == "world@v0001")
      #expect(written["tokenizer"] == "small@v0002")
      #expect(written["optimizer"]?["beta2"] == 0.9)
      #expect(written["spike"]?["window"] == 64, "defaults are spelt out")
      #expect(
        experiment.provenance.hashes.keys.sorted() == ["configuration", "corpus", "tokenizer"])
      #expect(experiment.links == ["world@v0001", "small@v0002"])
      let libraries = try Experiments(tiny.workspace).find(experiment.number).provenance
        .libraries
      #expect(
        libraries.keys.sorted() == ["SQLite", "glibc", "libyaml", "utf8proc", "zlib", "zstd"])
      #expect(libraries.values.allSatisfy { $0.contains { $0.isNumber } })
      #expect(!experiment.provenance.commit.isEmpty)
    }
  }

  @Test func `a provoked bad batch is one spike, and without it there is none`() throws {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.undisturbed(["inject=bad-batch@40"])
      let spikes = experiment.record.events.filter { $0.kind == .spike }
      #expect(spikes.count == 1)
      #expect((40...45).contains(spikes.first?.step ?? 0), "\(spikes)")
      #expect(spikes.first?.text.contains("injected random ids") == true)
      #expect(experiment.kinds.count { $0 == .skip } == 1)
      #expect(try tiny.undisturbed().record.spikes == 0)
      // The update was left out: the loss is soon what it would have been.
      let losses = try #require(experiment.record["loss"])
      #expect(losses.value(at: 60)! < losses.value(at: 39)!)
    }
  }

  @Test func `the number of threads changes no byte`() throws {
    try TinyWorkspace.with { tiny in
      let one = try tiny.register(["steps=10"]), three = try tiny.register(["steps=10"])
      _ = try Pretraining.run(one, in: tiny.workspace, WorkContext(threads: 1))
      _ = try Pretraining.run(three, in: tiny.workspace, WorkContext(threads: 3))
      #expect(try one.bytes(10) == three.bytes(10))
      #expect(one.metrics == three.metrics)
    }
  }

  @Test(
    "what cannot begin is not registered",
    arguments: [
      ("tokenizer=smal", "smal"), ("data.corpus=word", "word"),
      ("tokenizer=small@v0009", "small"), ("model.vocab_size=10", "model.vocab_size is 10"),
      ("model.hidden_sise=3", "hidden_size"), ("model.max_position_embeddings=20", "48 exceeds"),
      ("model.num_attention_heads=5", "num_attention_heads"),
    ])
  func refused(_ setting: String, _ expected: String) throws {
    try TinyWorkspace.with { tiny in
      do {
        _ = try tiny.register([setting])
        Issue.record("\(setting) was accepted")
      } catch { #expect(oneLine(error).contains(expected), "\(oneLine(error))") }
      let registered = try Experiments(tiny.workspace).list().experiments
      #expect(registered.isEmpty)
    }
  }
}
