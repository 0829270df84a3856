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
            "tokens", "perplexity", "skipped", "model_flops_per_second", "epoch", "non_finite",
            "bits_per_byte", "update_ratio", "below_epsilon", "memory",
            "gradient_norm/model.embed_tokens", "gradient_norm/model.layers.0",
            "gradient_norm/model.layers.1", "gradient_norm/model.norm",
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
      #expect(!report.wasFinished)
      #expect(try Experiments(tiny.workspace).find(experiment.number).state == .finished)

      let again = try tiny.run(experiment)
      #expect(again.outcome == .finished && again.loss == report.loss && again.wasFinished)
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
      #expect(written["spike"]?["window"] == 128, "defaults are spelt out")
      #expect(
        experiment.provenance.hashes.keys.sorted() == ["configuration", "corpus", "tokenizer"])
      #expect(experiment.links == ["world@v0001", "small@v0002"])
      let libraries = try Experiments(tiny.workspace).find(experiment.number).provenance
        .libraries
      #expect(
        libraries.keys.sorted() == [
          "SQLite", "bzip2", "glibc", "libxml2", "libyaml", "utf8proc", "zlib", "zstd",
        ])
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

  @Test func `a run that dies before its first update has failed, and says why`() throws {
    try TinyWorkspace.with { tiny in
      let experiments = Experiments(tiny.workspace)
      let experiment = try tiny.register()
      let corpora = tiny.workspace.corpora
      try Files.rename(corpora, to: tiny.workspace.root / "away")
      let failure = #expect(throws: Failure.self) { try tiny.run(experiment) }
      #expect(experiments.state(of: experiment) == .failed)
      #expect(try experiments.find(experiment.number).state == .failed)
      #expect(experiment.kinds == [.error, .end])
      let reason = experiment.record.events.first?.text
      #expect(reason == failure.map { oneLine($0) })
      // What was missing is there again.
      try Files.rename(tiny.workspace.root / "away", to: corpora)
      #expect(try tiny.run(experiment, asking: [21: .stop]).outcome == .stopped)
      #expect(try experiments.find(experiment.number).state == .stopped)
      // A failure before the first update takes nothing off the curve.
      try Files.remove(experiment.folder.checkpoint(21))
      try Files.rename(corpora, to: tiny.workspace.root / "away")
      #expect(throws: Failure.self) { try tiny.run(experiment) }
      #expect(experiment.record.lastStep == 21)
      try Files.rename(tiny.workspace.root / "away", to: corpora)
      #expect(try tiny.run(experiment).outcome == .finished)
      #expect(try experiments.find(experiment.number).state == .finished)
      #expect(try experiment.bytes(60) == tiny.undisturbed().bytes(60))
      // What is over needs nothing any more.
      try Files.remove(corpora)
      let report = try RunResumption.run(
        experiment.number, in: tiny.workspace, WorkContext())
      #expect(report.wasFinished && report.outcome == .finished && report.step == 60)
    }
  }

  @Test func `mistakes of the model are told with file and line`() throws {
    try TinyWorkspace.with { tiny in
      let file = tiny.workspace.root / "run.yaml"
      _ = try tiny.configuration()
      let text = try Files.readText(file)
      for (old, new, expected) in [
        ("hidden_size: 48", "hidden_sise: 48", ":6: model.hidden_size is missing"),
        ("num_key_value_heads: 2", "num_key_value_heads: 3", ":7: model.num_attention_heads 4"),
        ("seed: 7", "dropout: 0.2", ":4: dropout is 0.2, and model.residual_dropout another"),
      ] {
        let model = new.hasPrefix("dropout") ? "model: {residual_dropout: 0.1, " : "model: {"
        try Files.write(
          text.replacing(old, with: new).replacing("model: {", with: model), to: file)
        let failure = #expect(throws: Failure.self) {
          _ = try Pretraining.plan(
            try Pretraining.configuration(file), in: tiny.workspace, WorkContext())
        }
        #expect(failure?.problem.hasPrefix(file.string + expected) == true, "\(failure!)")
      }
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
