import Base
import Lab
import TestSupport
import Testing
import Training
import Workflows

/// A training in a process of its own, which can be killed: this test program, started again.
enum TrainerProcess {
  /// Starts to train an experiment; its output goes to the experiment's logs.
  static func start(_ experiment: Experiment, in workspace: Workspace) throws -> Int {
    try Files.makeDirectory(experiment.folder.logs)
    return try Subprocess.detach(
      [
        "/usr/bin/env", "KAJI_TRAINER=\(experiment.number):\(workspace.root)",
        executablePath.string, "--testing-library", "swift-testing", "--filter",
        "TrainerProcessTests",
      ], output: experiment.folder.logs / "trainer.txt")
  }
}

/// What the process does; in an ordinary run of the tests this does nothing.
@Suite("Trainer process") struct TrainerProcessTests {
  @Test func train() throws {
    guard let argument = environment("KAJI_TRAINER") else { return }
    let parts = argument.split(separator: ":", maxSplits: 1).map(String.init)
    let workspace = try Workspace.open(Path(parts[1]))
    let experiment = try Experiments(workspace).find(Int(parts[0]) ?? 0)
    _ = try Pretraining.run(experiment, in: workspace, WorkContext(threads: 1))
  }
}

@Suite("Crashes") struct CrashTests {
  @Test func `killed at any moments, a run ends as one left alone`() throws {
    try TinyWorkspace.with { tiny in
      let settings = ["steps=240", "batch_size=16", "checkpoint.every=20", "checkpoint.keep=3"]
      let alone = try tiny.undisturbed(settings)
      var random = SeededGenerator(20)
      var crashes = 0
      for round in 0..<(wantsLongChecks ? 50 : 5) {
        let experiment = try tiny.register(settings)
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          try Self.killSomewhere(experiment, in: tiny.workspace, &random)
          if Experiments(tiny.workspace).state(of: experiment) == .crashed { crashes += 1 }
        }
        let lost = Checkpoint.all(in: experiment.folder.checkpoints)
        for checkpoint in lost { try checkpoint.verify() }
        #expect(try tiny.run(experiment).outcome == .finished)
        #expect(try experiment.bytes(240) == alone.bytes(240), "round \(round)")
        #expect(experiment.metrics == alone.metrics, "round \(round)")
        #expect(experiment.folder.checkpointSteps() == [200, 220, 240])
        #expect(
          try Files.list(experiment.folder.checkpoints).filter { !$0.hasPrefix("step-") } == [
            "latest"
          ],
          "nothing torn is left behind")
      }
      #expect(crashes >= 3, "most were killed in the middle")
    }
  }

  /// Trains until some moment after the process has begun its record.
  private static func killSomewhere(
    _ experiment: Experiment, in workspace: Workspace, _ random: inout SeededGenerator
  ) throws {
    let segments = experiment.record.segmentHeaders.count
    let pid = try TrainerProcess.start(experiment, in: workspace)
    let patience = monotonicSeconds() + 30
    while experiment.record.segmentHeaders.count == segments, monotonicSeconds() < patience {
      sleep(seconds: 0.005)
      if experiment.folder.checkpointSteps().contains(240) { break }
    }
    sleep(seconds: Double.random(in: 0..<0.8, using: &random))
    killAndWait(pid)
  }
}
