import Base
import TestSupport
import Testing

@testable import Lab

@Suite("Workspace") struct WorkspaceTests {
  @Test func `it is made once and found from below`() throws {
    try withTemporaryFolder { folder in
      let root = folder / "w"
      let made = try Workspace.create(at: root)
      #expect(made.isWritable)
      #expect(Files.isDirectory(made.numbers))
      try Files.write("theme: dawn\n", to: made.settingsFile)
      let again = try Workspace.create(at: root)
      #expect(again.settings.theme == "dawn")
      let deep = made.corpora / "a" / "b"
      #expect(try Workspace.find(from: deep).root == root.absolute)
      #expect(made.resolve("corpora/x") == root / "corpora/x")
      #expect(made.relative(root / "chats" / "c") == "chats/c")
      let error = #expect(throws: Failure.self) { _ = try Workspace.find(from: folder) }
      #expect(error?.remedy.contains("kaji init") == true)
      try Files.write("- 1\n", to: made.settingsFile)
      #expect(throws: Failure.self) { _ = try Workspace.open(root) }
    }
  }

  @Test func `a wrong key of its settings is named with its line and the nearest right one`() throws
  {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      func failure(_ text: String) throws -> Failure? {
        try Files.write(text, to: workspace.settingsFile)
        return #expect(throws: Failure.self) { _ = try Workspace.open(folder) }
      }
      let unknown = try failure("# mine\ntheme: dusk\nthread: 4\n")
      #expect(unknown?.problem == "\(workspace.settingsFile):3: unknown key 'thread'")
      #expect(unknown?.remedy.contains("threads") == true)
      for text in ["threads: many\n", "threads: 0\n", "threads: 4096\n", "theme: [1]\n"] {
        #expect(try failure(text)?.problem.contains("kaji.yaml:1: ") == true, "\(text)")
      }
      try Files.write("threads: 3\ndevice: reference\n", to: workspace.settingsFile)
      let settings = try Workspace.open(folder).settings
      #expect(settings.threads == 3 && settings.device == "reference" && settings.theme == nil)
    }
  }

  @Test func `the index lies in the workspace, or in the cache`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      if Files.isOnLocalFileSystem(folder) {
        #expect(workspace.databasePath == folder / "kaji.db")
      }
      let other = Workspace(root: folder, isWritable: false, settings: WorkspaceSettings())
      #expect(other.databasePath.relative(to: folder) == nil)
      #expect(other.databasePath.parent.name == "kaji")
    }
  }

  @Test func `a group's workspace hands the group on`() throws {
    try withTemporaryFolder { folder in
      let (_, output) = try Subprocess.run(["/usr/bin/id", "-gn"])
      let group = String(decoding: output, as: UTF8.self).filter { !$0.isWhitespace }
      let workspace = try Workspace.create(at: folder / "w", group: group)
      let (_, mode) = try Subprocess.run(["/usr/bin/stat", "-c", "%A %G", workspace.chats.string])
      #expect(String(decoding: mode, as: UTF8.self) == "drwxrwsr-x \(group)\n")
      let experiment = try Experiments(workspace).create(
        slug: "shared", kind: .study, provenance: Provenance())
      let (_, inner) = try Subprocess.run([
        "/usr/bin/stat", "-c", "%A", experiment.folder.run.string,
      ])
      #expect(String(decoding: inner, as: UTF8.self) == "drwxrwsr-x\n")
      #expect(throws: Failure.self) {
        _ = try Workspace.create(at: folder / "x", group: "no-such-group")
      }
      #expect(!Files.exists(folder / "x"))
    }
  }
}
