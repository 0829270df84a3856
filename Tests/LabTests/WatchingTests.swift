import Base
import TestSupport
import Testing

@testable import Lab

@Suite("A run of another process") struct WatchingTests {
  @Test func `it is watched, asked to stop, and seen to have stopped`() throws {
    try withTemporaryFolder { root in
      let workspace = try Workspace.create(at: root)
      let experiment = try Experiments(workspace).create(
        slug: "watched", kind: .pretrain, provenance: Provenance())
      let folder = experiment.folder
      let experiments = Experiments(workspace)
      #expect(experiments.state(of: experiment) == .created)
      _ = try HelperProcess.start("train", folder.path.string, output: folder.logs / "train.log")
      let watch = RunWatch(folder.run)
      func lastStep() -> Int {
        watch.refresh()
        return watch.read { $0.lastStep ?? 0 }
      }
      #expect(HelperProcess.wait { lastStep() > 0 })
      #expect(experiments.state(of: experiment) == .running)
      let seen = lastStep()
      #expect(HelperProcess.wait { lastStep() > seen })
      #expect(throws: Failure.self) { _ = try Ownership.take(folder) }
      #expect(throws: Failure.self) { _ = try Ownership.take(folder, takeover: true) }
      let pause = try Control(folder.control).send(.pause)
      #expect(
        HelperProcess.wait { lastStep() > 0 && watch.read { $0.lastWord?.kind } == .pause })
      #expect(watch.read { $0.events.last?.data["request"]?.string } == pause)
      #expect(experiments.state(of: experiment) == .paused)
      try Control(folder.control).send(.stop)
      #expect(HelperProcess.wait { experiments.state(of: experiment) == .stopped })
      let last = lastStep()
      #expect(watch.read { $0["loss"]?.values } == (1...last).map(Double.init))
      let again = try Ownership.take(folder)
      again.release()
    }
  }

  @Test func `a killed one is seen to have crashed, and taken over at once`() throws {
    try withTemporaryFolder { root in
      let workspace = try Workspace.create(at: root)
      let experiment = try Experiments(workspace).create(
        slug: "killed", kind: .pretrain, provenance: Provenance())
      let folder = experiment.folder
      let experiments = Experiments(workspace)
      _ = try HelperProcess.start("train", folder.path.string, output: folder.logs / "train.log")
      #expect(HelperProcess.wait { experiments.state(of: experiment) == .running })
      let owner = try #require(try OwnerRecord.read(folder.owner))
      _ = try Subprocess.run(["/bin/kill", "-9", String(owner.process.pid)])
      #expect(HelperProcess.wait { experiments.state(of: experiment) == .crashed })
      let mine = try Ownership.take(folder)
      try mine.verify()
      #expect(try OwnerRecord.read(folder.owner)?.process == .current)
    }
  }

  @Test func `one that was killed before its first word is seen to have crashed`() throws {
    try withTemporaryFolder { root in
      let experiments = Experiments(try Workspace.create(at: root))
      let experiment = try experiments.create(
        slug: "early", kind: .pretrain, provenance: Provenance())
      #expect(experiments.state(of: experiment) == .created)
      let dead = ProcessIdentity(
        host: ProcessIdentity.hostName, bootID: "gone", pid: 1, startTime: 1)
      let record = OwnerRecord(process: dead, job: "", taken: 1)
      try Files.write(record.bytes, to: experiment.folder.owner)
      #expect(experiments.state(of: experiment) == .crashed)
      // What an undertaking has declared is not undone by an owner who died before he could leave.
      let finished = try experiments.setState(experiment.number, .finished)
      #expect(experiments.state(of: finished) == .finished)
    }
  }

  @Test func `eight processes with different slugs never share a number`() throws {
    try withTemporaryFolder { root in
      let workspace = try Workspace.create(at: root)
      for k in 0..<8 {
        _ = try HelperProcess.start("register", "\(root):\(k)", output: root / "log-\(k)")
      }
      #expect(
        try HelperProcess.wait { try Files.list(root).count { $0.hasPrefix("done-") } == 8 })
      let list = try Experiments(workspace).list()
      #expect(list.problems.isEmpty)
      #expect(list.experiments.map(\.number) == Array(1...40))
      #expect(Set(list.experiments.map(\.slug)).count == 40)
    }
  }
}
