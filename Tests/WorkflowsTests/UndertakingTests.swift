import Base
import Corpus
import Lab
import TestSupport
import Testing
import Workflows

/// Jobs that died, and those that come after them.
@Suite("Undertakings") struct UndertakingTests {
  /// An experiment as a job leaves it that was killed in the midst of making a version of a corpus.
  private static func killed(
    _ slug: String, draftOf name: String, in workspace: Workspace
  ) throws -> Experiment {
    let experiments = Experiments(workspace)
    let experiment = try experiments.create(
      slug: slug, kind: .corpus, provenance: WorkContext().provenance())
    let begun = try experiments.setState(experiment.number, .running)
    let dead = ProcessIdentity(
      host: ProcessIdentity.hostName, bootID: "gone", pid: 1, startTime: 1)
    let owner: JSON = [
      "host": JSON(dead.host), "boot_id": JSON(dead.bootID), "pid": JSON(dead.pid),
      "start_time": JSON(dead.startTime), "job": "", "taken": 1,
    ]
    try Files.write(owner.text() + "\n", to: experiment.folder.owner)
    let staged = try workspace.corpusVersions.begin(name, version: experiment.number)
    try Files.write("half", to: staged.folder / "documents-00001.jsonl.zst")
    return begun
  }

  private static func source(_ workspace: Workspace) throws -> [ImportSource] {
    let file = workspace.root / "in.jsonl"
    try Files.write("{\"text\": \"山\"}\n{\"text\": \"山\"}\n", to: file)
    return [ImportSource(file, subset: "s", language: "ja", level: .L1)]
  }

  @Test func `an import that a later one overtakes is done again on top of it`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      func sources(_ text: String) throws -> [ImportSource] {
        let file = folder / "\(text).jsonl"
        try Files.write("{\"text\": \"\(text)\"}\n", to: file)
        return [ImportSource(file, subset: "s", language: "ja", level: .L1)]
      }
      let (mine, theirs) = (try sources("山"), try sources("川"))
      var context = WorkContext()
      context.progress = Interloper {
        _ = try CorpusWorkflow.importSources(theirs, as: "c", in: workspace, WorkContext())
      }
      let report = try CorpusWorkflow.importSources(mine, as: "c", in: workspace, context)
      #expect(report.version.version == 3)
      #expect(report.version.manifest.documents == 2)
      #expect(try workspace.corpusVersions.latest(of: "c") == 3)
      let experiments = try Experiments(workspace).list().experiments
      #expect(experiments.map(\.state) == [.failed, .finished, .finished])
      #expect(experiments[0].notes.count == 1)
    }
  }

  @Test func `what a dead job left is told of and cleaned up, a living one's is not`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      let dead = try Self.killed("import-c", draftOf: "c", in: workspace)
      let alive = try Self.killed("import-c", draftOf: "c", in: workspace)
      let other = try Self.killed("import-d", draftOf: "d", in: workspace)
      let ownership = try Ownership.take(alive.folder)
      defer { ownership.release() }
      let experiments = Experiments(workspace)
      #expect(experiments.state(of: dead) == .crashed)
      #expect(experiments.state(of: alive) == .running)

      let report = try CorpusWorkflow.importSources(
        try Self.source(workspace), as: "c", in: workspace, WorkContext())
      #expect(report.documents == 2 && report.version.version == 4)
      #expect(try workspace.corpusVersions.drafts(of: "c") == [alive.number])
      #expect(try workspace.corpusVersions.drafts(of: "d") == [other.number])
      #expect(experiments.state(of: dead) == .crashed, "it stays in the list as what it is")
    }
  }

  @Test func `shards are noted by the experiment whose version they lie in`() throws {
    try TinyWorkspace.with { tiny in
      let workspace = tiny.workspace
      _ = try CorpusWorkflow.importSources(
        try Self.source(workspace), as: "c", in: workspace, WorkContext())
      for _ in 0..<2 {
        _ = try CorpusWorkflow.tokenize("c", tokenizer: "small", in: workspace, WorkContext())
      }
      let notes = try Experiments(workspace).find(1).notes
      #expect(notes.count == 1)
      #expect(notes.first?.text.hasPrefix("tokenised with small@v0002: ") == true)
    }
  }

  @Test func `an experiment takes no note of another corpus's version that has its number`() throws
  {
    try TinyWorkspace.with { tiny in
      let workspace = tiny.workspace
      _ = try CorpusWorkflow.importSources(
        try Self.source(workspace), as: "c", in: workspace, WorkContext())
      let number = try #require(try workspace.corpusVersions.versions(of: "c").first)
      let copied = CorpusImport(
        "d", number: number, sources: try Self.source(workspace), into: workspace.corpusVersions)
      _ = try copied.run()
      _ = try CorpusWorkflow.tokenize("d", tokenizer: "small", in: workspace, WorkContext())
      #expect(try Experiments(workspace).find(number).notes.isEmpty)
    }
  }

  @Test func `contexts of as many threads share them`() {
    #expect(WorkContext(threads: 3).pool === WorkContext(threads: 3).pool)
    #expect(WorkContext(threads: 3).pool.threads == 3)
  }

  @Test func `a stage goes on under its number, whether its version had appeared or not`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      let sources = try Self.source(workspace)
      let dead = try Self.killed("import-c", draftOf: "c", in: workspace)
      func bring() throws -> CorpusImport.Report {
        try CorpusWorkflow.importSources(
          sources, as: "c", goingOn: true, in: workspace, WorkContext())
      }
      let report = try bring()
      #expect(report.version.version == dead.number)
      #expect(try Experiments(workspace).find(dead.number).state == .finished)

      // Killed after the version appeared, but before anybody was told.
      try Experiments(workspace).setState(dead.number, .running)
      try Files.remove(workspace.corpora / "c/latest")
      let again = try bring()
      #expect(again.version.version == dead.number && again.documents == report.documents)
      #expect(try Files.readText(workspace.corpora / "c/latest") == "v0001\n")

      let thin = try CorpusWorkflow.deduplicate("c", goingOn: true, in: workspace, WorkContext())
      try Experiments(workspace).setState(2, .running)
      try workspace.corpusVersions.setLatest(1, of: "c")
      let same = try CorpusWorkflow.deduplicate("c", goingOn: true, in: workspace, WorkContext())
      #expect(same.isUnchanged && same.kept == thin.kept && same.version.version == 2)
      #expect(try workspace.corpusVersions.latest(of: "c") == 2)
      #expect(try Experiments(workspace).list().experiments.map(\.state) == [.finished, .finished])
    }
  }

  @Test func `a job that was asked to stop is stopped, not failed`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      let context = WorkContext()
      context.cancellation.cancel()
      #expect(throws: Stopped.self) {
        try CorpusWorkflow.importSources(
          try Self.source(workspace), as: "c", in: workspace, context)
      }
      #expect(try Experiments(workspace).find(1).state == .stopped)
      #expect(try Files.list(workspace.corpora / "c").isEmpty)
    }
  }
}
