import Base
import Models
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite("Injected faults") struct FaultTests {
  /// A run with a fault and a plan against it.
  static func run(
    _ folder: Path, _ faults: [String], steps: Int = 80, every: Int = 0, keep: Int = 0,
    change: (inout SpikePolicy) -> Void = { _ in }
  ) throws -> (run: TinyRun, recorder: Recorder, trainer: Trainer) {
    var run = try TinyRun(folder, steps: steps, every: every, keep: keep)
    run.injections = try faults.map { try Injection($0) }
    change(&run.plan.spike)
    let recorder = Recorder()
    let state = TrainerState(
      policy: run.plan.spike, configurationHash: "c", tokenizerHash: "t")
    return try (run, recorder, run.trainer(recorder, state: state))
  }

  @Test func `a bad batch is found to be the data's fault, with documents and layers`() throws {
    try withTemporaryFolder { folder in
      let (run, recorder, trainer) = try Self.run(folder, ["bad-batch@60"])
      _ = try trainer.run()
      let event = try #require(recorder.events.first { $0.kind == .skip })
      #expect(event.step == 60 && event.data["rerun"] == "same")
      #expect(event.data["batch"] == ["injected random ids"])
      let layers = try #require(event.data["layers"]?.object)
      #expect(layers.map(\.0) == ["model.embed_tokens", "model.layers.0", "model.norm", "lm_head"])
      // The norms of the layers are those of the whole gradient.
      let squares = layers.reduce(0.0) { $0 + ($1.1.double ?? .nan) * ($1.1.double ?? .nan) }
      let norm = recorder.series(.gradientNorm)[59]
      #expect(abs(squares.squareRoot() - norm) < 1e-4 * norm)
      #expect(event.data["below_epsilon"]?.double != nil)
      #expect(run.optimizer.steps == 79)
    }
  }

  @Test func `a spike is told when it is over, and by a resume in its midst again`() throws {
    try withTemporaryFolder { folder in
      let (run, recorder, trainer) = try Self.run(folder, ["bad-batch@60"], every: 20)
      _ = try trainer.run()
      let spike = try #require(recorder.events.first { $0.kind == .spike })
      #expect(spike.step == 60 && spike.data["told"]?.int ?? 0 > 60)
      let checkpoint = try #require(Checkpoint.all(in: folder).first { $0.step == 60 })
      var resumed = try TinyRun(folder, steps: 80).loading(checkpoint)
      resumed.injections = run.injections
      try checkpoint.loadMoments(into: resumed.optimizer)
      let again = Recorder()
      _ = try resumed.trainer(again, state: try checkpoint.state(policy: run.plan.spike)).run()
      #expect(again.events.filter { $0.kind == .spike } == [spike])
    }
  }

  @Test("a bad batch at the end of a run is a spike too", arguments: [78, 80])
  func last(_ step: Int) throws {
    try withTemporaryFolder { folder in
      let (_, recorder, trainer) = try Self.run(folder, ["bad-batch@\(step)"])
      _ = try trainer.run()
      #expect(recorder.events.filter { $0.kind == .spike }.map(\.step) == [step])
    }
  }

  @Test func `a flipped bit is found to be the hardware's fault and does no harm`() throws {
    try withTemporaryFolder { folder in
      let (_, recorder, trainer) = try Self.run(folder / "a", ["bit-flip@50"])
      _ = try trainer.run()
      let event = try #require(recorder.events.first)
      #expect(event.kind == .warning && event.step == 50 && event.data["rerun"] == "different")
      #expect(recorder.kinds == [.warning, .checkpoint])
      let (_, sound, alone) = try Self.run(folder / "b", [])
      _ = try alone.run()
      #expect(recorder.series(.loss) == sound.series(.loss), "bit for bit as if nothing had been")
      #expect(recorder.series(.gradientNorm) == sound.series(.gradientNorm))
    }
  }

  @Test func `a gradient that is no number is left out, and its step told`() throws {
    try withTemporaryFolder { folder in
      let (run, recorder, trainer) = try Self.run(folder, ["nan-grad@50", "nan-grad@51"])
      #expect(try trainer.run() == .finished)
      #expect(recorder.kinds == [.error, .error, .checkpoint])
      #expect(recorder.events[0].data["rerun"] == "same")
      #expect(recorder.events[0].step == 50)
      #expect(run.optimizer.steps == 78)
      #expect(recorder.series(.loss).allSatisfy { $0.isFinite })
    }
  }

  @Test func `recorded only, the update of a high step is made`() throws {
    try withTemporaryFolder { folder in
      let (run, recorder, trainer) = try Self.run(folder, ["bad-batch@60"]) {
        $0.action = .record
      }
      _ = try trainer.run()
      #expect(run.optimizer.steps == 80)
      #expect(recorder.kinds.prefix(1) == [.warning] && !recorder.kinds.contains(.skip))
      #expect(recorder.events[0].data["rerun"] == "same")
    }
  }

  @Test func `the learning rate is lowered for a while`() throws {
    try withTemporaryFolder { folder in
      let (run, recorder, trainer) = try Self.run(folder, ["bad-batch@60"]) {
        ($0.action, $0.rateFactor, $0.rateSteps) = (.lowerRate, 0.25, 10)
      }
      _ = try trainer.run()
      #expect(recorder.kinds == [.skip, .learningRate, .spike, .learningRate, .checkpoint])
      #expect(recorder.events.filter { $0.kind == .learningRate }.map(\.step) == [60, 70])
      let scheduled = (0..<80).map { run.plan.learningRates.learningRate(at: $0) }
      let expected = scheduled.indices.map {
        (60..<70).contains($0) ? scheduled[$0] / 4 : scheduled[$0]
      }
      #expect(recorder.series(.learningRate) == expected)
    }
  }

  @Test func `a spike that stays is gone back from, and its batches are passed over`() throws {
    try withTemporaryFolder { folder in
      let (run, recorder, trainer) = try Self.run(folder, ["lr-jump@60"], every: 20) {
        ($0.action, $0.rollbackSteps, $0.skipBatches) = (.rollback, 10, 5)
      }
      #expect(try trainer.run() == .finished)
      let event = try #require(recorder.events.first { $0.kind == .rollback })
      #expect(event.step == 40)
      let high = try #require(event.data["from"]?.int)
      #expect(event.data["batch_shift"]?.int == high + 5 - 40)
      #expect(recorder.kinds.count { $0 == .rollback } == 1)
      #expect(recorder.events.contains { $0.kind == .spike && $0.step >= 61 })
      // As a run does that meets those batches from step 40 on, and no fault.
      let losses = recorder.series(.loss)
      #expect(losses.count == 80)
      #expect(losses[60..<80].allSatisfy { $0 < losses[30] + 0.5 })
      #expect(Checkpoint.all(in: folder).map(\.step) == [80, 60, 40, 20])
      #expect(trainer.state.rollbacks == 1 && trainer.state.faultsUntil == high)
      #expect(run.optimizer.steps == 80)

      var resumed = try TinyRun(folder, steps: 80)
      let checkpoint = try #require(Checkpoint.all(in: folder).first { $0.step == 60 })
      resumed.plan.spike = run.plan.spike
      resumed = try resumed.loading(checkpoint)
      try checkpoint.loadMoments(into: resumed.optimizer)
      let again = Recorder()
      _ = try resumed.trainer(again, state: try checkpoint.state(policy: run.plan.spike)).run()
      #expect(
        again.series(.loss) == Array(losses[60...]), "a resume knows of the batches passed over")
    }
  }

  @Test func `without a checkpoint far enough back it goes on and says so once`() throws {
    try withTemporaryFolder { folder in
      let (_, recorder, trainer) = try Self.run(folder, ["lr-jump@60"]) { $0.action = .rollback }
      #expect(try trainer.run() == .finished)
      #expect(
        recorder.events.count { $0.kind == .warning && $0.text.hasPrefix("cannot roll back") } == 1)
    }
  }

  @Test func `told to stop it saves, keeps everything, and fails`() throws {
    try withTemporaryFolder { folder in
      let (_, recorder, trainer) = try Self.run(folder, ["lr-jump@60"], every: 10) {
        $0.action = .stop
      }
      #expect(throws: Failure.self) { try trainer.run() }
      #expect(recorder.kinds.contains(.spike))
      let steps = Checkpoint.all(in: folder).map(\.step)
      #expect(steps.count == 7 && steps[0] > 60 && steps[0] < 70, "\(steps)")
    }
  }

  @Test func `a full disk costs one checkpoint, not the run`() throws {
    try withTemporaryFolder { folder in
      let (_, recorder, trainer) = try Self.run(folder, ["disk-full@15"], steps: 40, every: 10)
      #expect(try trainer.run() == .finished)
      #expect(Checkpoint.all(in: folder).map(\.step) == [40, 30, 10])
      let error = try #require(recorder.events.first { $0.kind == .error })
      #expect(error.step == 20 && error.text.contains("no space left"))
      #expect(try Files.list(folder).allSatisfy { !$0.hasPrefix(".") })
    }
  }

  @Test func `slowness is told and harmless`() throws {
    try withTemporaryFolder { folder in
      let (_, recorder, trainer) = try Self.run(folder, ["slow@3"], steps: 5)
      _ = try trainer.run()
      #expect(recorder.events.map(\.step) == [2, 5] && recorder.events[0].kind == .warning)
      #expect(recorder.series(.loss).count == 5)
    }
  }
}
