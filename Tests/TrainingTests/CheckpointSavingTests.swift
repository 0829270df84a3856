import Base
import Formats
import Synchronization
import TestSupport
import Testing

@testable import Training

@Suite("Checkpoints of a run") struct CheckpointSavingTests {
  @Test func `steps go on while one is written, which holds what was when it was begun`() throws {
    try withTemporaryFolder { folder in
      var slow = try TinyRun(folder / "slow", steps: 9, every: 3)
      let recorder = Recorder()
      // Writes nothing before two more steps are made: who waited for it would wait for ever.
      let waits = Mutex(0)
      slow.onWrite = {
        let begun = recorder.series(.loss).count
        guard begun < 9 else { return }
        let patience = monotonicSeconds() + 60
        while recorder.series(.loss).count < begun + 2 {
          guard monotonicSeconds() < patience else { throw Failure("nobody trains", remedy: "") }
          sleep(seconds: 0.001)
        }
        waits.withLock { $0 += 1 }
      }
      #expect(try slow.trainer(recorder).run() == .finished)
      #expect(waits.withLock { $0 } == 2)

      // Stopped at each of these steps, so that nothing can change while a checkpoint is written.
      for step in [3, 6, 9] {
        let still = try TinyRun(folder / "still", steps: 9)
        let stopping = Recorder(onLook: { _, done in done == step ? [.stop] : [] })
        _ = try still.trainer(stopping).run()
        for name in ["model.safetensors", "state/optimizer-00001-of-00001.safetensors"] {
          let file = "\(Checkpoint.name(step: step))/\(name)"
          #expect(try Files.read(folder / "slow" / file) == Files.read(folder / "still" / file))
        }
      }
      let told = recorder.events.filter { $0.kind == .checkpoint }
      #expect(told.map(\.step) == [3, 6, 9])
      for event in told {
        let seconds = try #require(event.data["seconds"]?.double)
        let stall = try #require(event.data["stall_seconds"]?.double)
        #expect(stall >= 0 && stall <= seconds + 1)
        #expect(event.text.hasPrefix(Checkpoint.name(step: event.step)))
      }
    }
  }

  @Test func `one that cannot be written costs itself, not the run`() throws {
    try withTemporaryFolder { folder in
      var run = try TinyRun(folder, steps: 8, every: 2)
      let writes = Mutex(0)
      run.onWrite = {
        let number = writes.withLock { count in
          count += 1
          return count
        }
        if number == 2 { throw Failure("no space left", remedy: "Make room.") }
      }
      let recorder = Recorder()
      #expect(try run.trainer(recorder).run() == .finished)
      #expect(Checkpoint.all(in: folder).map(\.step) == [8, 6, 2])
      let error = try #require(recorder.events.first { $0.kind == .error })
      #expect(error.step == 4 && error.text.contains("no space left"))
    }
  }

  @Test func `the newest, the multiples, the best and the pinned stay`() throws {
    try withTemporaryFolder { folder in
      var keys = TrainingConfiguration.CheckpointKeys(keep: 2)
      (keys.keepEvery, keys.keepBest) = (40, true)
      let losses = [10: 3.0, 20: 1.5, 30: 1.0, 40: 1.25, 50: 1.0, 60: 1.75, 70: 2, 80: 1.5]
      for step in stride(from: 10, through: 80, by: 10) {
        let checkpoint = try #require(try CheckpointTests.write([step], to: folder).first)
        try Files.write(
          JSON.object([
            ("validated_at", JSON(step)), ("validation_loss", .number(losses[step] ?? .nan)),
          ]).text(), to: checkpoint.folder / "state/trainer.json")
        if step == 20 { try checkpoint.setPinned(true) }
        try Checkpoint.prune(folder, keeping: keys)
      }
      #expect(Checkpoint.all(in: folder).map(\.step) == [80, 70, 40, 30, 20])
      let pinned = try #require(Checkpoint.all(in: folder).last)
      #expect(pinned.isPinned)
      try pinned.setPinned(false)
      try Checkpoint.prune(folder, keeping: keys)
      #expect(Checkpoint.all(in: folder).map(\.step) == [80, 70, 40, 30])
    }
  }

  @Test(
    "so many stand at once",
    arguments: [
      (0, 0, 0, false, 1), (10, 0, 0, false, 10), (30, 0, 0, false, 4), (10, 3, 0, false, 4),
      (10, 3, 50, false, 6), (10, 3, 0, true, 5), (10, 20, 50, true, 10),
    ])
  func standing(_ every: Int, _ keep: Int, _ keepEvery: Int, _ best: Bool, _ count: Int) {
    let keys = TrainingConfiguration.CheckpointKeys(
      every: every, keep: keep, keepEvery: keepEvery, keepBest: best)
    #expect(keys.standing(steps: 100) == count)
  }

  @Test func `latest leads to the newest that stands`() throws {
    try withTemporaryFolder { folder in
      let made = try CheckpointTests.write([10, 20], to: folder)
      func latest() -> String? {
        (try? JSON.read(folder / "latest/state/trainer.json"))?["step"]?.int.map(String.init)
      }
      #expect(latest() == "20")
      try Checkpoint.setAside(made[1])
      #expect(latest() == "10")
      try Checkpoint.setAside(made[0])
      #expect(!Files.exists(folder / "latest"))
    }
  }

  @Test func `the damaged tensor is named`() throws {
    try withTemporaryFolder { folder in
      let checkpoint = try CheckpointTests.write([20], to: folder)[0]
      for name in ["model.safetensors", "state/optimizer-00001-of-00001.safetensors"] {
        let path = checkpoint.folder / name
        let good = try Files.read(path)
        let file = try SafetensorsFile(path)
        let begin = good.count - (file.entries.map(\.range.upperBound).max() ?? 0)
        for entry in file.entries {
          var bad = good
          bad[begin + entry.range.lowerBound + entry.range.count / 2] ^= 16
          try Files.write(bad, to: path)
          let failure = #expect(throws: Failure.self) { try checkpoint.verify() }
          #expect(failure?.problem.hasSuffix("damaged in the tensor \(entry.name)") == true)
        }
        try Files.write(good, to: path)
      }
      try checkpoint.verify()
    }
  }
}
