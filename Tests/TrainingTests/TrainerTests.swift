import Base
import Models
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite("Trainer") struct TrainerTests {
  @Test func `learns, reports every step, and saves at the end`() throws {
    try withTemporaryFolder { folder in
      let run = try TinyRun(folder, steps: 60)
      let recorder = Recorder()
      let trainer = try run.trainer(recorder)
      #expect(try trainer.run() == .finished)
      let losses = recorder.series(.loss)
      #expect(losses.count == 60)
      #expect(losses.suffix(5).reduce(0, +) / 5 < losses[0] - 0.5)
      #expect(recorder.series(.tokens) == (1...60).map { Double($0 * 64) })
      #expect(
        recorder.series(.learningRate)
          == (0..<60).map { run.plan.learningRates.learningRate(at: $0) })
      #expect(recorder.series(.tokensPerSecond).allSatisfy { $0 > 0 && $0.isFinite })
      #expect(recorder.kinds == [.checkpoint])
      #expect(Checkpoint.all(in: folder).map(\.step) == [60])
    }
  }

  @Test(
    "stopped and resumed at any step it goes on bit for bit", arguments: [1, 7, 20, 33],
    Precision.allCases)
  func resume(_ step: Int, _ precision: Precision) throws {
    try withTemporaryFolder { folder in
      let alone = try TinyRun(folder / "a", steps: 40, precision: precision)
      let record = Recorder()
      #expect(try alone.trainer(record).run() == .finished)

      let first = try TinyRun(folder / "b", steps: 40, precision: precision)
      let stopping = Recorder(onLook: { _, done in done == step ? [.stop] : [] })
      #expect(try first.trainer(stopping).run() == .stopped)
      #expect(stopping.kinds == [.stop, .checkpoint])

      let checkpoint = try #require(Checkpoint.all(in: folder / "b").first)
      #expect(checkpoint.step == step)
      try checkpoint.verify()
      var second = try TinyRun(folder / "b", steps: 40, precision: precision)
      second = try second.loading(checkpoint)
      try checkpoint.loadMoments(into: second.optimizer)
      let resumed = Recorder()
      let state = try checkpoint.state(policy: TinyRun.policy)
      #expect(try second.trainer(resumed, state: state).run() == .finished)

      #expect(stopping.series(.loss) + resumed.series(.loss) == record.series(.loss))
      #expect(
        stopping.series(.gradientNorm) + resumed.series(.gradientNorm)
          == record.series(.gradientNorm))
      for name in ["model.safetensors", "state/optimizer-00001-of-00001.safetensors"] {
        let file = "step-00000040/\(name)"
        #expect(try Files.read(folder / "a" / file) == Files.read(folder / "b" / file), "\(name)")
      }
    }
  }

  @Test func `a learning rate set by hand counts from its step on, and again after a resume`()
    throws
  {
    try withTemporaryFolder { folder in
      let run = try TinyRun(folder, steps: 12)
      let recorder = Recorder(onLook: { _, done in done == 5 ? [.learningRate(0.125)] : [] })
      // The look comes again at each step; the request of step 5 is made once.
      _ = try run.trainer(recorder).run()
      let schedule = (0..<12).map { run.plan.learningRates.learningRate(at: $0) }
      #expect(
        recorder.series(.learningRate)
          == schedule.prefix(5) + [Double](repeating: 0.125, count: 7))
      let event = try #require(recorder.events.first { $0.kind == .learningRate })
      #expect(event.step == 5 && event.data["learning_rate"] == 0.125)
      #expect(event.data["request"] != nil)

      var again = try TinyRun(folder / "again", steps: 12)
      again.interventions = [5: 0.125]
      let repeated = Recorder()
      _ = try again.trainer(repeated).run()
      #expect(repeated.series(.loss) == recorder.series(.loss))
      #expect(repeated.kinds.contains(.learningRate))
    }
  }

  @Test func `pause waits, saves when asked, and goes on`() throws {
    try withTemporaryFolder { folder in
      var run = try TinyRun(folder, steps: 6)
      let wanted = Mutex(0)
      run.saveRequest = {
        wanted.withLock { count in
          count += 1
          return count == 5
        }
      }
      let recorder = Recorder(onLook: { look, done in
        switch look {
        case 3: [.pause]
        case 6: done == 3 ? [.goOn] : []
        default: []
        }
      })
      #expect(try run.trainer(recorder).run() == .finished)
      #expect(recorder.kinds == [.pause, .checkpoint, .goOn, .checkpoint])
      #expect(recorder.events.map(\.step) == [3, 3, 3, 6])
    }
  }

  @Test("a stop ends a pause", arguments: [false, true])
  func stopWhilePaused(bySignal: Bool) throws {
    try withTemporaryFolder { folder in
      var run = try TinyRun(folder, steps: 50)
      let looks = Mutex(0)
      run.stopRequest = { bySignal && looks.withLock { $0 } > 6 ? .interrupted : nil }
      let recorder = Recorder(onLook: { look, _ in
        looks.withLock { $0 = look }
        if look == 4 { return [.pause] }
        // A pause that is asked for after a stop does not hold it up.
        return look == 6 && !bySignal ? [.stop, .pause] : []
      })
      #expect(try run.trainer(recorder).run() == (bySignal ? .interrupted : .stopped))
      #expect(Checkpoint.all(in: folder).map(\.step) == [4])
    }
  }

  @Test func `requests that cannot be read are said once and stop nothing`() throws {
    try withTemporaryFolder { folder in
      let run = try TinyRun(folder, steps: 5)
      let recorder = Recorder(onLook: { _, _ in throw Failure("no such host", remedy: "Wait.") })
      #expect(try run.trainer(recorder).run() == .finished)
      #expect(recorder.kinds == [.warning, .checkpoint])
    }
  }

  @Test func `losses that are no numbers change nothing, and end the run in time`() throws {
    try withTemporaryFolder { folder in
      let run = try TinyRun(folder, steps: 100)
      let head = run.store.parameters[0]
      var weights = run.store.read(head)
      for index in weights.indices { weights[index] = .nan }
      try run.store.write(weights, to: head)
      let before = run.store.read(run.store.parameters[1])
      let recorder = Recorder()
      let trainer = try run.trainer(recorder)
      #expect(throws: Failure.self) { try trainer.run() }
      #expect(recorder.kinds == [TrainingEvent.Kind](repeating: .error, count: Trainer.patience))
      #expect(run.store.read(run.store.parameters[1]) == before)
      #expect(run.optimizer.steps == 0)
    }
  }

  @Test func `an injected bad batch is left out, and the run is as good without it`() throws {
    try withTemporaryFolder { folder in
      var run = try TinyRun(folder, steps: 80)
      run.injections = [Injection(kind: .badBatch, step: 60)]
      run.plan.optimizer.learningRate = 1e-2
      let recorder = Recorder()
      let trainer = try run.trainer(recorder)
      _ = try trainer.run()
      let losses = recorder.series(.loss)
      #expect(losses[59] > losses[58] + 0.5)
      #expect(recorder.kinds == [.skip, .spike, .checkpoint])
      #expect(trainer.state.optimizerSteps == 79)
      #expect(abs(losses[60] - losses[58]) < 0.5)
    }
  }

  @Test func `a run that may no longer write leaves no checkpoint`() throws {
    try withTemporaryFolder { folder in
      let run = try TinyRun(folder, steps: 4, every: 2)
      let recorder = Recorder(onCommit: { throw Failure("taken over", remedy: "Leave it.") })
      #expect(throws: Failure.self) { try run.trainer(recorder).run() }
      #expect(try Files.list(folder) == [])
    }
  }

  @Test func `a batch that predicts nothing is no update, and no loss of 0`() throws {
    try withTemporaryFolder { folder in
      let run = try TinyRun(folder, steps: 8)
      let recorder = Recorder()
      let trainer = try run.trainer(recorder, source: SilentBatches(silent: [3, 7]))
      #expect(try trainer.run() == .finished)
      let losses = recorder.series(.loss)
      #expect(losses.count == 6 && losses.allSatisfy { $0 > 1 })
      #expect(recorder.series(.gradientNorm).allSatisfy { $0.isFinite })
      #expect(trainer.state.step == 8 && trainer.state.optimizerSteps == 6)
      #expect(recorder.events.filter { $0.kind == .skip }.map(\.step) == [4, 8])
      #expect(Checkpoint.all(in: folder).map(\.step) == [8])
    }
  }
}

extension TinyRun {
  /// The same with the weights of a checkpoint.
  func loading(_ checkpoint: Checkpoint) throws -> TinyRun {
    try ModelFolder(checkpoint.folder).load(into: store)
    return self
  }
}
