import Base
import Lab
import Tensors
import TestSupport
import Testing
import Training

@testable import Workflows

@Suite("Stopping and going on") struct ResumeTests {
  @Test func `stopped at any steps, a run ends as one left alone`() throws {
    try TinyWorkspace.with { tiny in
      let alone = try tiny.undisturbed()
      for steps in [[1], [20], [7, 20, 33, 59], [39, 40, 41]] {
        let experiment = try tiny.register()
        for (index, step) in steps.enumerated() {
          let report = try tiny.run(experiment, asking: [step: .stop])
          #expect(report.outcome == .stopped && report.step == step)
          #expect(Experiments(tiny.workspace).state(of: experiment) == .stopped)
          #expect(experiment.kinds.contains(.resume) == (index > 0))
        }
        #expect(try tiny.run(experiment).outcome == .finished)
        for step in [20, 40, 60] {
          #expect(try experiment.bytes(step) == alone.bytes(step), "step \(step) of \(steps)")
        }
        #expect(experiment.metrics == alone.metrics)
        #expect(try Control(experiment.folder.control).pending().isEmpty)
      }
    }
  }

  @Test func `going on with other arithmetic is said, and only then`() throws {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.register(["steps=3", "schedule.warmup_steps=1"])
      try tiny.run(experiment, asking: [1: .stop])
      try tiny.run(experiment, asking: [2: .stop])
      #expect(!experiment.kinds.contains(.warning))
      var context = WorkContext()
      context.level = .baseline
      _ = try Pretraining.run(experiment, in: tiny.workspace, context)
      let warnings = experiment.record.events.filter { $0.kind == .warning }
      #expect(warnings.count == (CPULevel.supported > .baseline ? 1 : 0))
      #expect(warnings.allSatisfy { $0.text.contains("cpu baseline fp32") })
    }
  }

  @Test func `a spike's memory outlives a stop`() throws {
    try TinyWorkspace.with { tiny in
      let settings = ["inject=[bad-batch@40, lr-jump@50]"]
      let alone = try tiny.undisturbed(settings)
      let experiment = try tiny.register(settings)
      for step in [40, 41, 51, 52] { try tiny.run(experiment, asking: [step: .stop]) }
      try tiny.run(experiment)
      #expect(try experiment.bytes(60) == alone.bytes(60))
      #expect(experiment.metrics == alone.metrics)
      let spikes = [experiment, alone].map { experiment in
        experiment.record.events.filter { $0.kind == .spike && !$0.isSuperseded }.map(\.step)
      }
      #expect(spikes[0] == spikes[1] && spikes[0].first == 40)
    }
  }

  @Test func `a learning rate set by hand is set again at its step`() throws {
    try TinyWorkspace.with { tiny in
      let whole = try tiny.register()
      try tiny.run(whole, asking: [25: .learningRate(0.004)])
      #expect(whole.record["learning_rate"]?.value(at: 25) != 0.004)
      #expect(whole.record["learning_rate"]?.value(at: 26) == 0.004)

      let experiment = try tiny.register()
      try tiny.run(experiment, asking: [25: .learningRate(0.004), 30: .stop])
      // As if the process had died at 30 without saving.
      try Files.remove(experiment.folder.checkpoint(30))
      let report = try tiny.run(experiment)
      #expect(report.outcome == .finished)
      #expect(try experiment.bytes(60) == whole.bytes(60))
      #expect(experiment.metrics == whole.metrics)
      let rates = experiment.record.events.filter { $0.kind == .lr }
      #expect(rates.map(\.step) == [25, 25] && rates.map(\.isSuperseded) == [true, false])
    }
  }

  @Test func `a request that was answered before the process died is not heeded twice`() throws {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.register()
      let control = Control(experiment.folder.control)
      let id = try control.send(.stop)
      let file = experiment.folder.control / id
      let bytes = try Files.read(file)
      #expect(try tiny.run(experiment).step == 0)
      try Files.write(bytes, to: file)
      #expect(try tiny.run(experiment).outcome == .finished)
      #expect(!Files.exists(file))
    }
  }

  @Test func `a damaged newest checkpoint is passed over with a warning`() throws {
    try TinyWorkspace.with { tiny in
      let alone = try tiny.undisturbed()
      let experiment = try tiny.register(["checkpoint.keep=2"])
      try tiny.run(experiment, asking: [50: .stop])
      #expect(experiment.folder.checkpointSteps() == [40, 50])
      let file = experiment.folder.checkpoint(50) / "model.safetensors"
      var bytes = try Files.read(file)
      bytes[bytes.count / 2] ^= 1
      try Files.write(bytes, to: file)
      #expect(try tiny.run(experiment, asking: [45: .stop]).step == 45)
      let warning = try #require(experiment.record.events.first { $0.kind == .warning })
      #expect(warning.text.contains("step-00000050") && warning.text.contains("damaged"))
      #expect(experiment.folder.checkpointSteps() == [40, 45], "the damaged one counts no more")
      try tiny.run(experiment)
      #expect(try experiment.bytes(60)[0] == alone.bytes(60)[0])
      #expect(experiment.metrics == alone.metrics)
    }
  }

  @Test func `with every checkpoint damaged it begins at step 0`() throws {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.undisturbed(["steps=25"])
      let before = try experiment.bytes(25)
      for step in [20, 25] {
        try Files.write("", to: experiment.folder.checkpoint(step) / "model.safetensors")
      }
      #expect(try tiny.run(experiment).outcome == .finished)
      #expect(
        experiment.kinds == [
          .start, .warning, .warning, .start, .checkpoint, .validation, .checkpoint, .end,
        ])
      #expect(try experiment.bytes(25) == before)
    }
  }

  @Test func `a run that died between its last checkpoint and its end gets its end`() throws {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.undisturbed(["steps=5"])
      let segment = experiment.folder.run / (try Files.list(experiment.folder.run)[0])
      let bytes = try Files.read(segment)
      try Files.write(Array(bytes.dropLast(30)), to: segment)
      #expect(Experiments(tiny.workspace).state(of: experiment) == .crashed)
      #expect(try tiny.run(experiment).outcome == .finished)
      #expect(Experiments(tiny.workspace).state(of: experiment) == .finished)
      #expect(experiment.record["loss"]?.count == 5)
    }
  }

  @Test func `two trainers do not share an experiment`() throws {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.register()
      let holder = try Ownership.take(experiment.folder)
      let failure = #expect(throws: Failure.self) { try tiny.run(experiment) }
      #expect(failure?.problem.contains("is being run by") == true)
      #expect(!Files.exists(experiment.folder.run) || !experiment.record.hasRecord)
      holder.release()
      #expect(try tiny.run(experiment).outcome == .finished)
    }
  }

  @Test func `a run that is taken over saves no more`() throws {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.register()
      let thief = Thief(experiment.folder)
      #expect(throws: Failure.self) {
        try Pretraining.run(experiment, in: tiny.workspace, WorkContext(progress: thief))
      }
      // That of step 20 may have been under way when the other came.
      #expect(Set(experiment.folder.checkpointSteps()).isSubset(of: [20]))
      #expect(Files.exists(experiment.folder.owner), "it is the other's")
    }
  }

  @Test func `a changed configuration is refused, a comment in it is not`() throws {
    try TinyWorkspace.with { tiny in
      let experiment = try tiny.register()
      try tiny.run(experiment, asking: [10: .stop])
      let text = try Files.readText(experiment.folder.config)
      try Files.write(
        text.replacing("beta2: 0.95", with: "beta2: 0.9"), to: experiment.folder.config)
      let failure = #expect(throws: Failure.self) { try tiny.run(experiment) }
      #expect(failure?.problem.contains("another configuration") == true)
      try Files.write("# a note\n" + text, to: experiment.folder.config)
      #expect(try tiny.run(experiment).outcome == .finished)
    }
  }

  @Test func `a disk that refuses ends the run with one clear error, and it goes on later`() throws
  {
    try TinyWorkspace.with { tiny in
      let alone = try tiny.undisturbed()
      let experiment = try tiny.register()
      try tiny.run(experiment, asking: [10: .stop])
      let checkpoints = experiment.folder.checkpoints
      let hidden = experiment.folder.path / "hidden"
      let spoiler = Spoiler(at: 15) {
        // A file where the folder was: every user, root too, is refused.
        try? Files.rename(checkpoints, to: hidden)
        try? Files.write("", to: checkpoints)
      }
      let failure = #expect(throws: Failure.self) {
        try Pretraining.run(experiment, in: tiny.workspace, WorkContext(progress: spoiler))
      }
      #expect(failure.map { oneLine($0).contains("checkpoints") } == true)
      #expect(Experiments(tiny.workspace).state(of: experiment) == .failed)
      #expect(experiment.kinds.suffix(2) == [.error, .end])
      try Files.remove(checkpoints)
      try Files.rename(hidden, to: checkpoints)
      #expect(try tiny.run(experiment).outcome == .finished)
      #expect(try experiment.bytes(60) == alone.bytes(60))
      #expect(experiment.metrics == alone.metrics)
    }
  }
}

/// Writes itself into a run's owner file when 30 updates are done, as a trainer on another host would.
private struct Thief: ProgressReporter {
  let folder: ExperimentFolder

  init(_ folder: ExperimentFolder) { self.folder = folder }

  func update(_ state: ProgressState) {
    guard state.stage == "pre-training", state.done == 30 else { return }
    let record: JSON = [
      "host": "elsewhere", "boot_id": "b", "pid": 4711, "start_time": 1, "job": "", "taken": 1,
    ]
    try? Files.write(record.text(), to: folder.owner)
  }
}

/// Does something when so many updates are done.
private struct Spoiler: ProgressReporter {
  let step: Int
  let body: @Sendable () -> Void

  init(at step: Int, _ body: @escaping @Sendable () -> Void) {
    self.step = step
    self.body = body
  }

  func update(_ state: ProgressState) {
    if state.stage == "pre-training", state.done == step { body() }
  }
}
