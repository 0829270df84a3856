import Base
import Generation
import Lab
import TestSupport
import Testing
import Tokenizers
import Training
import Tuning
import Workflows

@Suite("Supervised fine-tuning") struct SupervisedTuningTests {
  static let pairs = (0..<8).map { number in
    (question: "\(number)の話", answer: InventedText.sentence(number * 53))
  }

  /// A pre-trained model with room for a chat, and eight pairs beside it.
  static func prepare(_ tiny: TinyWorkspace) throws -> Experiment {
    let base = try tiny.undisturbed([
      "model.max_position_embeddings=192", "model.hidden_size=64", "model.intermediate_size=160",
    ])
    let lines = pairs.map { pair in
      JSON.object([("instruction", JSON(pair.question)), ("output", JSON(pair.answer))]).text()
    }
    try Files.write(
      lines.joined(separator: "\n") + "\n", to: tiny.workspace.root / "pairs.jsonl")
    return base
  }

  static func register(_ tiny: TinyWorkspace, _ settings: [String] = []) throws -> Experiment {
    let file = tiny.workspace.root / "tune.yaml"
    try Files.write(
      """
      model: 1
      data: pairs.jsonl
      epochs: 300
      batch_size: 4
      sequence_length: 192
      seed: 3
      optimizer: {learning_rate: 0.005}
      schedule: {warmup_steps: 20}
      """, to: file)
    return try SupervisedTuning.register(
      try SupervisedTuning.configuration(file, settings: settings), slug: "tuned",
      in: tiny.workspace, WorkContext())
  }

  @discardableResult
  static func run(
    _ experiment: Experiment, _ tiny: TinyWorkspace, asking requests: [Int: Request] = [:]
  ) throws -> RunReport {
    try SupervisedTuning.run(
      experiment, in: tiny.workspace,
      WorkContext(progress: Asker(experiment.folder.control, requests)))
  }

  @Test func `eight pairs are learnt, and answered in the chat`() throws {
    try TinyWorkspace.with { tiny in
      _ = try Self.prepare(tiny)
      let experiment = try Self.register(tiny)
      #expect(experiment.links == ["0001@60"] && experiment.kind == .sft)
      #expect(experiment.provenance.hashes["pairs.jsonl"] != nil)
      let report = try Self.run(experiment, tiny)
      #expect(report.outcome == .finished && report.loss! < 0.2, "\(report.loss!)")
      #expect(Experiments(tiny.workspace).state(of: experiment) == .finished)
      let reference = try ModelReference("\(experiment.number)", in: tiny.workspace)
      #expect(reference.folder == report.checkpoint)
      let model = try reference.load(WorkContext())
      var right = 0
      for pair in Self.pairs {
        let prompt = try model.tokenizer.encodeChat([
          ChatMessage(role: "user", content: pair.question)
        ])
        let answer = try model.generate(prompt, GenerationOptions(maxTokens: 60))
        if answer.text == pair.answer, answer.stopReason == .eos { right += 1 }
      }
      #expect(right >= 7, "\(right) of 8")
    }
  }

  @Test func `stopped and resumed it ends as one left alone`() throws {
    try TinyWorkspace.with { tiny in
      _ = try Self.prepare(tiny)
      let settings = ["epochs=20", "dropout=0.1"]
      let alone = try Self.register(tiny, settings)
      let steps = try Self.run(alone, tiny).step
      let experiment = try Self.register(tiny, settings)
      for step in [3, steps - 1] { try Self.run(experiment, tiny, asking: [step: .stop]) }
      #expect(try Self.run(experiment, tiny).outcome == .finished)
      #expect(try experiment.bytes(steps) == alone.bytes(steps))
      #expect(experiment.metrics == alone.metrics)
    }
  }

  @Test func `a model's folder is found from the workspace, whatever the current folder`() throws {
    try TinyWorkspace.with { tiny in
      let base = try Self.prepare(tiny)
      try Files.makeDirectory(tiny.workspace.models / "mine")
      for name in try Files.list(base.folder.checkpoint(60)) where name != "state" {
        try Files.copy(base.folder.checkpoint(60) / name, to: tiny.workspace.models / "mine" / name)
      }
      for model in ["models/mine", "mine", (tiny.workspace.models / "mine").string] {
        let experiment = try Self.register(tiny, ["model=\(model)", "epochs=1"])
        #expect(experiment.links == ["models/mine"])
        #expect(try Self.run(experiment, tiny).outcome == .finished)
      }
    }
  }

  @Test func `data that changed meanwhile is not gone on with`() throws {
    try TinyWorkspace.with { tiny in
      _ = try Self.prepare(tiny)
      let experiment = try Self.register(tiny)
      try Self.run(experiment, tiny, asking: [2: .stop])
      let file = tiny.workspace.root / "pairs.jsonl"
      try Files.write(try Files.readText(file).replacing("話", with: "噺"), to: file)
      let failure = #expect(throws: Failure.self) { try Self.run(experiment, tiny) }
      #expect(failure?.problem.contains("was made with another") == true)
    }
  }

  @Test func `it starts from its base though that was pruned, and tells its steps`() throws {
    try TinyWorkspace.with { tiny in
      let base = try Self.prepare(tiny)
      let settings = ["epochs=20"]
      let alone = try Self.register(tiny, settings)
      let steps = try Self.run(alone, tiny).step
      let experiment = try Self.register(tiny, settings)
      try Files.remove(base.folder.checkpoint(60))
      try Self.run(experiment, tiny, asking: [3: .stop])
      #expect(experiment.record.totalSteps == steps)
      #expect(try Self.run(experiment, tiny).outcome == .finished)
      #expect(try experiment.bytes(steps) == alone.bytes(steps))

      let index = try Index(tiny.workspace)
      try index.refresh()
      let runs = try index.runs().filter { $0.experiment.kind == .sft }
      #expect(runs.map(\.summary.totalSteps) == [steps, steps])
    }
  }

  @Test func `pairs too long are said to be left out, and bad lines are named`() throws {
    try TinyWorkspace.with { tiny in
      _ = try Self.prepare(tiny)
      let file = tiny.workspace.root / "pairs.jsonl"
      let long = String(repeating: "霧坂の塩。", count: 60)
      let line = JSON.object([("instruction", "長い話"), ("output", JSON(long))]).text() + "\n"
      try Files.write(try Files.readText(file) + line, to: file)
      let experiment = try Self.register(tiny, ["epochs=1"])
      try Self.run(experiment, tiny)
      let warning = try #require(experiment.record.events.first { $0.kind == .warning })
      #expect(warning.text.contains("1 conversation is longer than sequence_length 192"))

      try Files.write("{\"instruction\": \"問\"}\n", to: file)
      let before = try Experiments(tiny.workspace).list().experiments
      let failure = #expect(throws: Failure.self) { try Self.register(tiny) }
      #expect(failure?.problem.hasPrefix("pairs.jsonl:1: ") == true)
      #expect(throws: (any Error).self) { try Self.register(tiny, ["data=[nowhere.jsonl]"]) }
      #expect(throws: (any Error).self) { try Self.register(tiny, ["model=99"]) }
      #expect(try Experiments(tiny.workspace).list().experiments == before)
    }
  }

  @Test func `what cannot begin is told with its place, and leaves no experiment`() throws {
    try TinyWorkspace.with { tiny in
      _ = try Self.prepare(tiny)
      for (setting, expected) in [
        ("sequence_length=193", "--set sequence_length=193: sequence_length 193 exceeds"),
        ("sequence_length=2", "--set sequence_length=2: sequence_length 2 is too short"),
        ("model=1@7", "--set model=1@7: model: experiment 1 has no checkpoint of step 7"),
        ("data=[nowhere.jsonl]", "--set data=[nowhere.jsonl]: data: "),
      ] {
        let failure = #expect(throws: Failure.self) { try Self.register(tiny, [setting]) }
        #expect(failure?.problem.hasPrefix(expected) == true, "\(failure?.problem ?? "")")
      }
      let registered = try Experiments(tiny.workspace).list().experiments
      #expect(registered.count == 1)
    }
  }

  @Test func `a dry run tells the steps that the run will have`() throws {
    try TinyWorkspace.with { tiny in
      _ = try Self.prepare(tiny)
      let experiment = try Self.register(tiny, ["epochs=3"])
      let preview = try SupervisedTuning.preview(
        try SupervisedTuning.configuration(experiment.folder.config), in: tiny.workspace)
      #expect(preview.configuration.model == "0001@60")
      #expect(try Self.run(experiment, tiny).step == preview.steps)
      let registered = try Experiments(tiny.workspace).list().experiments
      #expect(registered.count == 2)
    }
  }
}
