import Base
import Database
import Synchronization
import TestSupport
import Testing

@testable import Lab

@Suite("Index") struct IndexTests {
  /// Everything the index can be asked, as text.
  private func answers(_ index: Index) throws -> [String] {
    try index.refresh()
    var lines: [String] = []
    for entry in try index.experiments() {
      lines.append("\(entry.state) " + entry.experiment.json.text())
    }
    for run in try index.runs() {
      lines.append("\(run.experiment.number) " + run.summary.json.text())
    }
    lines += try index.scores().map { $0.json.text() }
    for version in try index.corpora() + index.tokenizers() {
      lines.append(
        "\(version.name) \(version.version) \(version.isLatest) \(version.settings.text())")
    }
    lines += try index.chats().map { $0.json.text() }
    lines += try index.models().map { $0.json.text() }
    return lines + (try index.problems())
  }

  /// A workspace with a bit of everything.
  private func fill(_ workspace: Workspace) throws {
    let experiments = Experiments(workspace)
    for (k, kind) in ExperimentKind.allCases.enumerated() {
      let made = try experiments.create(slug: "e\(k)", kind: kind, provenance: Provenance())
      if kind == .pretrain || kind == .sft {
        let writer = try RunWriter(made.folder.run, goingOnFrom: 0)
        writer.event(.start, step: 0, "")
        for step in 1...50 {
          writer.record(step: step, [("loss", step == 50 ? .nan : 1 / Double(step))])
        }
        writer.event(.spike, step: 20, "")
        if kind == .sft { try writer.end(.finished, step: 50) }
      }
      if kind == .eval {
        let writer = try ScoreWriter(made.folder.scores, name: "suite")
        for row in ScoreTests.rows { try writer.append(row) }
        try writer.finish()
      }
    }
    for number in [1, 2] {
      let draft = try workspace.corpusVersions.begin("wiki", version: number)
      try Files.write("documents: \(number)\n", to: draft.folder / "corpus.yaml")
      try draft.commit()
    }
    try workspace.tokenizerVersions.begin("uni", version: 2).commit()
    for title in ["舵", "帆"] {
      var chat = Conversation(model: "0003@50", title: title)
      chat.append(role: "user", "何ですか")
      try Chats(workspace).save(&chat)
    }
    try Files.makeDirectory(workspace.models / "llama")
    try Files.write("{\"model_type\":\"llama\"}", to: workspace.models / "llama/config.json")
    try Files.makeDirectory(workspace.models / "broken")
    try Files.write("{", to: workspace.models / "broken/config.json")
    try Files.write("number: [", to: workspace.experiments / "0008_e7/experiment.yaml")
  }

  @Test func `on a full disk it answers from memory`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder / "w")
      try fill(workspace)
      let index = try Index(workspace)
      // The file may not grow: to SQLite that is a full disk.
      try index.state.withLock { state in
        _ = try state.connection.rows("PRAGMA max_page_count = 1") { $0.int(0) }
      }
      let found = try answers(index)
      #expect(found.count > 20)
      #expect(try found == answers(Index(workspace)))
    }
  }

  @Test func `it answers the same after it was deleted, damaged or rebuilt`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder / "w")
      try fill(workspace)
      let index = try Index(workspace)
      let before = try answers(index)
      #expect(before.count == 7 + 2 + ScoreTests.rows.count + 3 + 2 + 1 + 2)
      #expect(before[3].hasPrefix("crashed"))
      #expect(before[4].hasPrefix("finished"))
      try index.rebuild()
      #expect(try answers(index) == before)
      let path = workspace.databasePath
      for name in [path.name, "\(path.name)-wal", "\(path.name)-shm"] {
        try Files.remove(path.parent / name)
      }
      #expect(try answers(Index(workspace)) == before)
      for name in ["\(path.name)-wal", "\(path.name)-shm"] { try Files.remove(path.parent / name) }
      try Files.write(String(repeating: "damage", count: 1000), to: path)
      #expect(try answers(Index(workspace)) == before)
      // The first page, which an opening reads, is sound; what follows is not.
      for name in ["\(path.name)-wal", "\(path.name)-shm"] { try Files.remove(path.parent / name) }
      let damaged = try Files.read(path).enumerated().map { $0 < 4096 ? $1 : 0x5A }
      for isRebuilt in [false, true] {
        try Files.write(damaged, to: path)
        let index = try Index(workspace)
        if isRebuilt { try index.rebuild() }
        #expect(try answers(index) == before)
      }
    }
  }

  @Test func `an index of an earlier or later form gives the same answers`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder / "w")
      try fill(workspace)
      let before = try answers(Index(workspace))
      let path = workspace.databasePath
      for form in 0...IndexSchema.steps.count + 1 {
        for name in [path.name, "\(path.name)-wal", "\(path.name)-shm"] {
          try Files.remove(path.parent / name)
        }
        do {
          let connection = try Connection(path)
          try connection.migrate(Array(IndexSchema.steps.prefix(form)))
          if form > 0 {
            // What that form knew is not there any more.
            try connection.run(
              "INSERT INTO sources VALUES ('experiments/0001_e0', 'experiment', 'x', 1, 'gone')")
          }
          if form > IndexSchema.steps.count { try connection.run("PRAGMA user_version = 1000") }
        }
        let index = try Index(workspace)
        #expect(try answers(index) == before, "form \(form)")
        try index.rebuild()
        #expect(try answers(index) == before, "form \(form), made anew")
      }
    }
  }

  @Test func `it reads again only what changed`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder / "w")
      try fill(workspace)
      // Older than the doubt about one tick of the clock.
      _ = try Subprocess.run([
        "/usr/bin/find", folder.string, "-exec", "/usr/bin/touch", "-d", "-60 seconds", "{}", "+",
      ])
      let index = try Index(workspace)
      #expect(try index.refresh() == 8 + 2 + 1 + 3 + 2 + 2)
      #expect(try index.refresh() == 0)
      #expect(try Index(workspace).refresh() == 0)
      try Experiments(workspace).note(2, "changed")
      #expect(try index.refresh() == 1)
      #expect(try index.experiments()[1].experiment.notes.count == 1)
      let run = workspace.experiments / "0004_e3/run"
      do {
        let writer = try RunWriter(run, goingOnFrom: 30)
        writer.record(step: 31, [("loss", 0.25)])
      }
      #expect(try index.refresh() >= 1)
      #expect(try index.runs()[0].summary.loss == 0.25)
      #expect(try index.runs()[0].summary.step == 31)
      try Files.remove(workspace.experiments / "0002_e1")
      try index.refresh()
      #expect(try index.experiments().map(\.experiment.number) == [1, 3, 4, 5, 6, 7])
    }
  }

  @Test func `a read-only workspace is indexed without a trace in it`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder / "w")
      try fill(workspace)
      let guest = Workspace(root: workspace.root, isWritable: false, settings: WorkspaceSettings())
      let index = try Index(guest)
      #expect(try answers(index).count > 10)
      #expect(!Files.exists(workspace.root / "kaji.db"))
      try Files.remove(guest.databasePath)
    }
  }

  @Test func `an empty workspace has empty answers`() throws {
    try withTemporaryFolder { folder in
      let index = try Index(Workspace.create(at: folder / "w"))
      #expect(try answers(index).isEmpty)
    }
  }
}
