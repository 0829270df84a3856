import Base
import Synchronization
import TestSupport
import Testing

@testable import Lab

@Suite("Owner") struct OwnershipTests {
  private func withExperiment(_ body: (ExperimentFolder) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let experiments = Experiments(try Workspace.create(at: folder))
      let made = try experiments.create(slug: "a", kind: .pretrain, provenance: Provenance())
      try body(made.folder)
    }
  }

  private let elsewhere = ProcessIdentity(
    host: "another-host", bootID: "b", pid: 7, startTime: 3)
  private let dead = ProcessIdentity(
    host: ProcessIdentity.hostName, bootID: "an earlier boot", pid: 7, startTime: 3)

  private func leave(_ process: ProcessIdentity, _ folder: ExperimentFolder, age: Int = 0) throws {
    let record = OwnerRecord(process: process, job: "88", taken: 5)
    try Files.write(record.bytes, to: folder.owner)
    _ = try Subprocess.run(["/usr/bin/touch", "-d", "-\(age) seconds", folder.owner.string])
  }

  @Test func `a run has one holder until it gives up`() throws {
    try withExperiment { folder in
      let first = try Ownership.take(folder, job: "9")
      #expect(try OwnerRecord.read(folder.owner) == first.record)
      let error = #expect(throws: Failure.self) { _ = try Ownership.take(folder) }
      #expect(error?.problem.contains("job 9") == true)
      try first.verify()
      first.release()
      #expect(!Files.exists(folder.owner))
      #expect(throws: Failure.self) { try first.verify() }
      let second = try Ownership.take(folder)
      try second.verify()
      #expect(!second.isLost)
    }
  }

  @Test func `a dead one of this host is succeeded at once`() throws {
    try withExperiment { folder in
      try leave(dead, folder)
      let mine = try Ownership.take(folder)
      try mine.verify()
      mine.release()
      #expect(try Files.list(folder.path).allSatisfy { !$0.hasPrefix(".") })
    }
  }

  @Test(arguments: [(0, false, false), (100, false, false), (130, false, true), (0, true, true)])
  func `one of another host, when it was silent long enough or is pushed aside`(
    age: Int, takeover: Bool, succeeds: Bool
  ) throws {
    try withExperiment { folder in
      try leave(elsewhere, folder, age: age)
      let mine = try? Ownership.take(folder, takeover: takeover)
      #expect((mine != nil) == succeeds)
      if !succeeds { #expect(try OwnerRecord.read(folder.owner)?.process == elsewhere) }
    }
  }

  @Test func `of eight that succeed a dead holder one does`() throws {
    try withExperiment { folder in
      try leave(dead, folder)
      let winners = Mutex<[Ownership]>([])
      ThreadPool(threads: 8).run(8) { thread in
        // Eight processes of another host, so that none counts as dead.
        let process = ProcessIdentity(
          host: "another-host", bootID: "b", pid: 100 + thread, startTime: 1)
        if let taken = try? Ownership.take(folder, process: process) {
          winners.withLock { $0.append(taken) }
        }
      }
      let all = winners.withLock { $0 }
      #expect(all.count == 1)
      try all.first?.verify()
    }
  }

  @Test func `whoever was pushed aside finds out before its next checkpoint`() throws {
    try withExperiment { folder in
      let first = try Ownership.take(folder, process: elsewhere)
      let second = try Ownership.take(folder, takeover: true)
      #expect(throws: Failure.self) { try first.verify() }
      #expect(first.isLost)
      first.release()
      try second.verify()
    }
  }

  @Test func `a successor that died before it wrote the file is succeeded too`() throws {
    try withExperiment { folder in
      try leave(dead, folder)
      let holder = try #require(try OwnerRecord.read(folder.owner))
      let successor = OwnerRecord(
        process: ProcessIdentity(host: dead.host, bootID: "x", pid: 8, startTime: 1), job: "",
        taken: 9)
      try Files.write(successor.bytes, to: folder.path / ".owner-after-\(holder.token)")
      let mine = try Ownership.take(folder)
      try mine.verify()
    }
  }

  @Test func `requests are taken in order, answered and gone; others are set aside`() throws {
    try withExperiment { folder in
      let control = Control(folder.control)
      #expect(try control.pending().isEmpty)
      let asked: [Request] = [.pause, .continue, .learningRate(3e-4), .save, .stop]
      for request in asked { try control.send(request) }
      try Files.write("{\"request\": \"dance\"}", to: folder.control / "0-x.json")
      #expect(throws: Failure.self) { try control.send(.learningRate(.nan)) }
      let pending = try control.pending()
      #expect(pending.map(\.request) == asked)
      for request in pending { try control.finish(request) }
      #expect(try control.pending().isEmpty)
    }
  }

  @Test func `the state follows holder and record`() throws {
    try withExperiment { folder in
      func state() -> RunState {
        var reader = RunReader(folder.run)
        reader.refresh()
        return .of(
          folder, declared: .created, hasRecord: reader.hasRecord, lastWord: reader.lastWord)
      }
      #expect(state() == .created)
      let owner = try Ownership.take(folder)
      #expect(state() == .running)
      let writer = try RunWriter(folder.run, goingOnFrom: 0)
      writer.event(.start, step: 0, "")
      writer.event(.pause, step: 1, "")
      #expect(state() == .paused)
      writer.event(.continue, step: 1, "")
      writer.event(.checkpoint, step: 2, "")
      #expect(state() == .running)
      for (outcome, text) in [
        (RunState.stopped, "SIGTERM"), (.failed, "disk full"), (.finished, ""),
      ] {
        try writer.end(outcome, step: 3, text)
        #expect(state() == .running)
        try Files.rename(folder.owner, to: folder.path / "held")
        #expect(state() == outcome)
        try Files.rename(folder.path / "held", to: folder.owner)
      }
      owner.release()
      writer.event(.resume, step: 3, "")
      #expect(state() == .crashed)
      try leave(elsewhere, folder)
      #expect(state() == .running)
      try leave(elsewhere, folder, age: 500)
      #expect(state() == .crashed)
    }
  }
}
