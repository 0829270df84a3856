import Base
import TestSupport
import Testing

@testable import Lab

/// What several processes do to one workspace at once.
@Suite("Races of processes") struct RaceTests {
  private func race(_ part: String, _ root: Path, processes: Int = 8) throws -> [String] {
    for k in 0..<processes {
      _ = try HelperProcess.start(part, "\(root):\(k)", output: root / "log-\(k)")
    }
    func words() throws -> [String] {
      try Files.list(root).filter { $0.hasPrefix("done-") }.map { try Files.readText(root / $0) }
    }
    #expect(try HelperProcess.wait { try words().count == processes })
    return try words()
  }

  @Test func `eight with the same slug get a number each`() throws {
    try withTemporaryFolder { root in
      let workspace = try Workspace.create(at: root)
      _ = try race("register-same", root)
      let list = try Experiments(workspace).list()
      #expect(list.problems.isEmpty)
      #expect(list.experiments.map(\.number) == Array(1...24))
      #expect(Set(list.experiments.map(\.slug)) == ["same"])
      #expect(try Files.list(workspace.experiments).count == 25)
    }
  }

  @Test func `of eight that adopt one number one gets it`() throws {
    try withTemporaryFolder { root in
      let workspace = try Workspace.create(at: root)
      let words = try race("adopt", root)
      #expect(words.count { $0 == "won" } == 1)
      #expect(words.count { $0.contains("experiment number 77 is taken") } == 7)
      #expect(try Experiments(workspace).list().experiments.map(\.number) == [77])
      #expect(try Files.list(workspace.experiments).count == 2)
    }
  }

  @Test func `notes of eight and changes of state are all kept`() throws {
    try withTemporaryFolder { root in
      let workspace = try Workspace.create(at: root)
      let experiments = Experiments(workspace)
      let made = try experiments.create(slug: "a", kind: .study, provenance: Provenance())
      _ = try race("note", root)
      let read = try experiments.find(1)
      let wanted = (0..<8).flatMap { k in (0..<5).map { "\(k)/\($0)" } }
      #expect(read.notes.map(\.text).sorted() == wanted)
      #expect(read.links.sorted() == (0..<8).map { "link-\($0)" })
      // Nothing is left of the locks.
      let names = try Files.list(made.folder.path)
      #expect(!names.contains { $0.hasPrefix(".experiment") })
    }
  }

  @Test func `a lock that a dead process left is taken over at once`() throws {
    try withTemporaryFolder { root in
      let experiments = Experiments(try Workspace.create(at: root))
      let made = try experiments.create(slug: "a", kind: .study, provenance: Provenance())
      let current = ProcessIdentity.current
      let dead = OwnerRecord(
        process: ProcessIdentity(
          host: current.host, bootID: current.bootID, pid: current.pid, startTime: 1),
        job: "1", taken: 1)
      try Files.write(dead.bytes, to: made.folder.path / ".experiment.yaml.lock")
      #expect(try experiments.note(1, "after").notes.count == 1)
      #expect(!Files.exists(made.folder.path / ".experiment.yaml.lock"))
    }
  }

  @Test func `in a group's workspace all that is made belongs to the group`() throws {
    guard let group = try otherGroup() else { return }
    try withTemporaryFolder { root in
      _ = try HelperProcess.start("share", "\(root):\(group)", output: root / "log")
      #expect(HelperProcess.wait { Files.exists(root / "done") })
      #expect(try Files.readText(root / "done") == "shared")
      let shared = root / "w"
      #expect(Files.exists(shared / "kaji.db"))
      for condition in [
        ["!", "-group", group], ["!", "-perm", "-g+rw"],
        ["-type", "d", "!", "-perm", "-g+s"],
      ] {
        let (_, output) = try Subprocess.run(["/usr/bin/find", shared.string] + condition)
        #expect(String(decoding: output, as: UTF8.self) == "", "\(condition)")
      }
    }
  }

  /// A group besides the first of this user's that files may be given to; root may give to any.
  private func otherGroup() throws -> String? {
    func words(_ flag: String) throws -> [Substring] {
      let (_, output) = try Subprocess.run(["/usr/bin/id", flag])
      return String(decoding: output, as: UTF8.self).split { $0.isWhitespace }
    }
    if try words("-u") == ["0"] { return "daemon" }
    let first = try words("-gn")
    guard let other = try words("-Gn").first(where: { $0 != first.first }) else {
      print("skipped: this user has one group only")
      return nil
    }
    return String(other)
  }
}
