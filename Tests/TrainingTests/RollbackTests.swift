import Base
import Synchronization
import TestSupport
import Testing

@testable import Training

@Suite("Going back, and going on") struct RollbackTests {
  @Test func `a run that a spike stopped goes on, and keeps what it promised to`() throws {
    try withTemporaryFolder { folder in
      let (run, recorder, trainer) = try FaultTests.run(
        folder, ["lr-jump@60"], every: 10, keep: 0
      ) { $0.action = .stop }
      #expect(throws: Failure.self) { try trainer.run() }
      let kept = Checkpoint.all(in: folder)
      let newest = try #require(kept.first)
      let spikes = recorder.events.count { $0.kind == .spike }

      var resumed = try TinyRun(folder, steps: 80, every: 10, keep: 1)
      resumed.plan.spike = run.plan.spike
      resumed = try resumed.loading(newest)
      try newest.loadMoments(into: resumed.optimizer)
      let again = Recorder()
      let state = try newest.state(policy: run.plan.spike)
      #expect(try resumed.trainer(again, state: state).run() == .finished)
      #expect(spikes == 1 && !again.kinds.contains(.spike))
      #expect(Set(Checkpoint.all(in: folder).map(\.step)).isSuperset(of: kept.map(\.step)))
    }
  }

  @Test func `a learning rate set by hand outlives a rollback, in whichever process`() throws {
    try withTemporaryFolder { folder in
      func rates(_ folder: Path, told: Int?, before: [Int: Double]) throws -> [Double] {
        var (run, _, _) = try FaultTests.run(folder, ["lr-jump@60"], every: 20) {
          ($0.action, $0.rollbackSteps, $0.skipBatches) = (.rollback, 10, 5)
        }
        run.interventions = before
        let recorder = Recorder(onLook: { look, done in
          done == told && look == done ? [.learningRate(0.004)] : []
        })
        let state = TrainerState(
          policy: run.plan.spike, configurationHash: "c", tokenizerHash: "t")
        _ = try run.trainer(recorder, state: state).run()
        #expect(recorder.kinds.count { $0 == .rollback } == 1)
        return recorder.series(.learningRate)
      }
      let here = try rates(folder / "a", told: 45, before: [:])
      let there = try rates(folder / "b", told: nil, before: [45: 0.004])
      #expect(here == there)
      #expect(here[46...].allSatisfy { $0 == 0.004 })
    }
  }

  @Test func `what a rollback may need is not pruned, and what it voids goes`() throws {
    try withTemporaryFolder { folder in
      let change: (inout SpikePolicy) -> Void = {
        ($0.action, $0.rollbackSteps, $0.skipBatches) = (.rollback, 25, 5)
      }
      let (_, few, first) = try FaultTests.run(
        folder / "few", ["lr-jump@60"], every: 10, keep: 1, change: change)
      _ = try first.run()
      let (_, all, second) = try FaultTests.run(
        folder / "all", ["lr-jump@60"], every: 10, change: change)
      _ = try second.run()
      let target = few.events.first { $0.kind == .rollback }?.step
      #expect(target == 30 && all.events.first { $0.kind == .rollback }?.step == 30)
      #expect(few.series(.loss) == all.series(.loss))
      // Once: the step that was gone back to was closed before.
      #expect(all.events.count { $0.kind == .checkpoint && $0.step == 30 } == 1)
      for name in ["few", "all"] {
        #expect(try Files.list(folder / name).allSatisfy { !$0.hasPrefix(".") })
      }
      #expect(Checkpoint.all(in: folder / "few").map(\.step) == [80, 70, 60, 50])
    }
  }

  @Test func `a checkpoint that somebody asks for may fail`() throws {
    try withTemporaryFolder { folder in
      var run = try TinyRun(folder, steps: 8)
      let writes = Mutex(0)
      run.onWrite = {
        let isFirst = writes.withLock { count in
          count += 1
          return count == 1
        }
        if isFirst { throw Failure("no space left", remedy: "Make room.") }
      }
      let recorder = Recorder(onLook: { look, done in look == 3 ? [.save] : [] })
      #expect(try run.trainer(recorder).run() == .finished)
      #expect(recorder.kinds == [.save, .error, .checkpoint])
    }
  }
}
