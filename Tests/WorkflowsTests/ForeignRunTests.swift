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
      + (step == 300 ? 2 : 0)
  }

  /// A line as Megatron-LM core 0.9 writes it.
  private static func megatron(_ step: Int) -> String {
    " [2026-11-25 03:04:05] iteration \(Format.padLeft(String(step), 8))/    5000 | consumed samples: \(step * 256) "
      + "| elapsed time per iteration (ms): 812.3 | learning rate: 3.000000E-04 | global batch size:   256 | "
      + "lm loss: \(loss(step)) | loss scale: 1.0 | grad norm: 0.412 | number of skipped iterations:   0 | "
      + "number of nan iterations:   0 |\n"
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
          {"epoch": 0.2, "eval_loss": 2.4, "eval_runtime": 1.2, "step": 20}]}
        """, to: file)
      let run = try ForeignRun.read(folder)
      #expect(run.totalSteps == 30 && run.rows.map(\.step) == [10, 20])
      #expect(
        run.rows[0].values.map(\.name) == ["epoch", "gradient_norm", "learning_rate", "loss"])
      let second = run.rows[1].values
      #expect(second.first { $0.name == "loss" }?.value.isNaN == true)
      #expect(second.first { $0.name == "validation_loss" }?.value == 2.4)
    }
  }

  @Test func `a run that went back counts each step once`() {
    var run = ForeignRun(tool: "test")
    for step in [10, 20, 30, 20, 30, 40] {
      run.add(.init(step: step, values: [("loss", Double(step + run.rows.count))]))
    }
    #expect(run.rows.map(\.step) == [10, 20, 30, 40])
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
      let run = try ForeignRun.read(folder)
      #expect(run.rows.map(\.step) == Array(1...150) && run.tool == "TensorBoard")
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
        #expect(throws: (any Error).self) { _ = try ForeignRun.read(folder / name) }
      }
      #expect(throws: Failure.self) { _ = try ForeignRun.read(folder) }
    }
  }
}
