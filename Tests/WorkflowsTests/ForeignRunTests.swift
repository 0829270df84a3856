import Base
import Formats
import Lab
import TestSupport
import Testing

@testable import Workflows

@Suite("Runs of other tools") struct ForeignRunTests {
  private static func loss(_ step: Int) -> Double {
    let random = CounterRandom(seed: 5, purpose: 3)
    return 2 + 6 / (1 + Double(step) / 30) + 0.02 * random.normal(UInt64(step))
      + ((300...303).contains(step) ? 2 : 0)
  }

  /// A line as Megatron-LM core 0.9 writes it.
  private static func megatron(_ step: Int) -> String {
    " [2026-11-25 03:04:05] iteration \(Format.padLeft(String(step), 8))/    5000 | consumed samples: \(step * 256) "
      + "| elapsed time per iteration (ms): 812.3 | learning rate: 3.000000E-04 | global batch size:   256 | "
      + "lm loss: \(loss(step)) | loss scale: 1.0 | grad norm: 0.412 | number of skipped iterations:   0 | "
      + "number of nan iterations:   0 |\n"
  }

  private static func read(_ path: Path) throws -> ForeignRun {
    var source = try ForeignSources.open(path)
    var run = ForeignRun()
    for row in try source.readOn() { run.add(row) }
    return run
  }

  private static func totalSteps(_ path: Path) throws -> Int? {
    var source = try ForeignSources.open(path)
    _ = try source.readOn()
    return source.totalSteps
  }

  /// Imports what `texts` make of a file one after another, a look for each.
  private static func follow(_ texts: [String], in folder: Path) throws -> (RunReader, Experiment) {
    let workspace = try Workspace.create(at: folder / "w")
    let log = folder / "train.log"
    try Files.write(texts[0], to: log)
    var looks = 0
    let report = try RunImport.run(log, slug: "train", in: workspace, WorkContext()) {
      looks += 1
      guard looks < texts.count else { return looks == texts.count }
      try? Files.write(texts[looks], to: log)
      return true
    }
    let experiment = try Experiments(workspace).find(report.experiment)
    var reader = RunReader(experiment.folder.run)
    reader.refresh()
    return (reader, experiment)
  }

  @Test func `a Megatron-LM log becomes a run with its spike, read on while it grows`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder / "w")
      let log = folder / "train.log"
      let lines = (1...400).map(Self.megatron)
      try Files.write(
        "using world size: 8\n" + lines[..<200].joined() + String(lines[200].prefix(40)), to: log)
      var looks = 0
      let report = try RunImport.run(log, slug: "train", in: workspace, WorkContext()) {
        looks += 1
        if looks == 1 {
          try? Files.write("using world size: 8\n" + lines.joined(), to: log)
        }
        return looks < 3
      }
      #expect(report.steps == 400 && report.spikes == 1 && report.tool == "Megatron-LM")
      let experiment = try Experiments(workspace).find(report.experiment)
      var reader = RunReader(experiment.folder.run)
      reader.refresh()
      #expect(reader["loss"]?.count == 400 && reader.totalSteps == 5000)
      #expect(reader["gradient_norm"]?.last == 0.412 && reader["learning_rate"]?.last == 3e-4)
      #expect(reader["consumed samples"]?.last == 102_400.0)
      #expect(reader.events.filter { $0.kind == .spike }.map(\.step) == [300])
      #expect(Experiments(workspace).state(of: experiment) == .finished)
    }
  }

  @Test func `a trainer_state.json is read, steps that are no numbers too`() throws {
    try withTemporaryFolder { folder in
      let file = folder / "trainer_state.json"
      try Files.write(
        """
        {"max_steps": 30, "global_step": 20, "log_history": [
          {"epoch": 0.1, "grad_norm": 1.5, "learning_rate": 5e-05, "loss": 2.5, "step": 10},
          {"epoch": 0.2, "grad_norm": "NaN", "learning_rate": 4e-05, "loss": "NaN", "step": 20},
          {"epoch": 0.2, "eval_loss": 2.4, "eval_runtime": 1.2, "step": 20},
          {"epoch": 0.2, "train_loss": 9.5, "train_runtime": 60.5, "step": 20}]}
        """, to: file)
      #expect(try Self.totalSteps(folder) == 30)
      let run = try Self.read(folder)
      #expect(run.rows.map(\.step) == [10, 20])
      #expect(
        run.rows[0].values.map(\.name) == ["epoch", "gradient_norm", "learning_rate", "loss"])
      let second = run.rows[1].values
      #expect(second.first { $0.name == "loss" }?.value.isNaN == true)
      #expect(second.first { $0.name == "validation_loss" }?.value == 2.4)
    }
  }

  @Test func `a run that went back counts each step once`() {
    var run = ForeignRun()
    for step in [10, 20, 30, 20, 30, 40] {
      run.add(.init(step: step, values: [("loss", Double(step + run.rows.count))]))
    }
    #expect(run.rows.map(\.step) == [10, 20, 30, 40])
  }

  @Test func `a log that was begun anew goes on where the old one ended`() throws {
    try withTemporaryFolder { folder in
      let (reader, experiment) = try Self.follow(
        [(1...200).map(Self.megatron).joined(), (201...250).map(Self.megatron).joined()],
        in: folder)
      #expect(reader["loss"]?.points(0..<1000).map(\.step) == Array(1...250))
      #expect(try Files.list(experiment.folder.run).count == 1, "nothing is superseded")
    }
  }

  @Test func `a run that goes back into an excursion tells of it once`() throws {
    try withTemporaryFolder { folder in
      let first = (1...320).map(Self.megatron).joined()
      let (reader, _) = try Self.follow(
        [first, first + (302...330).map(Self.megatron).joined()], in: folder)
      #expect(
        reader["loss"]?.count == 330 && reader.superseded("loss").map(\.step) == Array(302...319))
      #expect(reader.events.filter { $0.kind == .spike }.map(\.step) == [300])
    }
  }

  @Test func `what cannot be recorded ends the import as failed`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder / "w")
      let experiments = Experiments(workspace)
      let log = folder / "train.log"
      let lines = (1...20).map(Self.megatron).joined()
      try Files.write(lines, to: log)
      var looks = 0
      #expect(throws: (any Error).self) {
        try RunImport.run(log, slug: "train", number: 7, in: workspace, WorkContext()) {
          looks += 1
          guard looks == 1 else { return false }
          do {
            // The run goes back, and the segment that this begins finds no folder.
            try Files.write(lines + lines, to: log)
            let run = try experiments.find(7).folder.run
            try Files.remove(run)
            try Files.write("", to: run)
          } catch { Issue.record(error) }
          return true
        }
      }
      #expect(experiments.state(of: try experiments.find(7)) == .failed)
    }
  }

  @Test func `only what is new is read`() throws {
    try withTemporaryFolder { folder in
      let log = folder / "train.log"
      let lines = (1...9).map(Self.megatron)
      var source = MegatronLog(log)
      var found: [[Int]] = []
      for text in [
        lines[..<3].joined() + lines[3].prefix(50), lines[..<3].joined() + lines[3].prefix(60),
        // A copy that has grown is the same file.
        lines[..<5].joined(),
        // Another one is read from its start, whether it is shorter or longer.
        lines[6...7].joined(), lines[1...8].joined(),
      ] {
        try Files.write(text, to: log)
        found.append(try source.readOn().map(\.step))
      }
      #expect(found == [[1, 2, 3], [], [4, 5], [7, 8], Array(2...9)])
    }
  }

  @Test func `curves over samples and tokens are left out`() throws {
    try withTemporaryFolder { folder in
      let writer = try TensorBoardWriter(
        creating: folder / "events.out.tfevents.1", wallTime: 1000)
      for step in 1...3 {
        for (tag, place) in [("lm loss", step), ("lm loss vs samples", step * 256)] {
          try writer.append(
            TensorBoardEvent(wallTime: 1000, step: place, scalars: [.init(tag, 2)]))
        }
        try writer.append(
          TensorBoardEvent(wallTime: 1000, step: step * 2048, scalars: [.init("lr vs tokens", 2)]))
      }
      try writer.finish()
      let run = try Self.read(folder)
      #expect(run.rows.map(\.step) == [1, 2, 3])
      #expect(run.rows.allSatisfy { $0.values.map(\.name) == ["loss"] })
    }
  }

  @Test func `an import keeps the times, and late values join their step`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder / "w")
      let events = folder / "events"
      try Files.makeDirectory(events)
      func write(_ name: String, _ tag: String, _ values: [(step: Int, value: Double)]) throws {
        let writer = try TensorBoardWriter(creating: events / name, wallTime: 1000)
        for (step, value) in values {
          try writer.append(
            TensorBoardEvent(
              wallTime: 1000 + Double(step), step: step, scalars: [.init(tag, Float(value))]))
        }
        try writer.finish()
      }
      try write("tfevents.1", "loss", (1...400).map { (step: $0, value: Self.loss($0)) })
      var looks = 0
      let report = try RunImport.run(events, slug: "tb", in: workspace, WorkContext()) {
        looks += 1
        if looks == 1 {
          do { try write("tfevents.2", "eval/loss", [(step: 100, value: 2.5)]) } catch {
            Issue.record(error)
          }
        }
        return looks < 3
      }
      let experiment = try Experiments(workspace).find(report.experiment)
      var reader = RunReader(experiment.folder.run)
      reader.refresh()
      #expect(reader.times.values == (1...400).map { 1000 + Double($0) })
      let spike = try #require(reader.events.first { $0.kind == .spike })
      #expect(spike.step == 300 && (1304...1400).contains(spike.time.seconds))
      #expect(reader["validation_loss"]?.value(at: 100) == 2.5)
      #expect(try Files.list(experiment.folder.run).count == 1, "nothing is superseded")
    }
  }

  @Test func `TensorBoard files are read, curve by curve`() throws {
    try withTemporaryFolder { folder in
      let writer = try TensorBoardWriter(
        creating: folder / "events.out.tfevents.1", wallTime: 1000)
      for step in 1...150 {
        let loss = Float(Self.loss(step))
        for scalar in [
          TensorBoardEvent.Scalar("train/loss", loss), TensorBoardEvent.Scalar("lr", 0.1),
        ] {
          try writer.append(
            TensorBoardEvent(wallTime: 1000 + Double(step), step: step, scalars: [scalar]))
        }
      }
      // A validation that ends late is told of an earlier step.
      try writer.append(
        TensorBoardEvent(wallTime: 1200, step: 100, scalars: [.init("eval/loss", 2.5)]))
      try writer.finish()
      let run = try Self.read(folder)
      #expect(run.rows.map(\.step) == Array(1...150))
      #expect(run.rows[99].values.map(\.name) == ["loss", "learning_rate", "validation_loss"])
      #expect(run.rows[0].values[0].value == Double(Float(Self.loss(1))))
      #expect(run.rows[0].time == 1001)
    }
  }

  @Test(
    "what is no run is refused",
    arguments: ["", "hello\n", "{}", "iteration x/y | lm loss: 1 |\n", "iteration 5/9 | loss |\n"])
  func refusals(_ text: String) throws {
    try withTemporaryFolder { folder in
      for name in ["a.log", "a.json"] {
        try Files.write(text, to: folder / name)
        #expect(throws: (any Error).self) { _ = try Self.read(folder / name) }
      }
      #expect(throws: Failure.self) { _ = try Self.read(folder) }
    }
  }
}
