import Base
import Lab
import Terminal
import TestSupport
import Testing
import Workflows

@testable import Workbench

/// The workbench with its world on a real workspace, without a terminal.
final class Bench {
  let mailbox: Mailbox<WorkbenchMessage>
  let world: World
  var player: Player
  /// Messages that came, for counting.
  var received = 0

  init(_ workspace: Workspace?, _ pane: PaneID, _ size: Size = Player.small) throws {
    mailbox = try Mailbox()
    world = try World(
      workspace: workspace, context: WorkContext(threads: 1), mailbox: mailbox, watchEvery: 0.1)
    player = Player(pane, size, hasWorkspace: workspace != nil)
    perform()
  }

  private func perform() { for effect in player.effects { _ = world.perform(effect) } }

  func press(_ keys: Key...) {
    player.play(keys.map { .key($0) })
    perform()
  }

  func type(_ text: String) {
    player.type(text)
    perform()
  }

  /// Lets the world speak until `condition` holds; fails after some seconds.
  func wait(
    _ seconds: Double = 120, at location: SourceLocation = #_sourceLocation,
    until condition: (Player) -> Bool
  ) {
    let end = monotonicSeconds() + seconds
    while !condition(player) {
      guard monotonicSeconds() < end else {
        Issue.record("waited in vain; the frame is\n\(player.frame)", sourceLocation: location)
        return
      }
      listen()
    }
  }

  /// Takes what has come, or waits a moment.
  func listen() {
    let messages = mailbox.drain()
    if messages.isEmpty { sleep(seconds: 0.01) }
    received += messages.count
    for message in messages {
      player.play([.message(message)])
      perform()
    }
  }
}

@Suite("World", .serialized) struct WorldTests {
  @Test func `every pane shows the workspace, and nothing that is withheld`() throws {
    try withTemporaryFolder { folder in
      let trial = try TrialWorkspace(at: folder)
      for size in [Player.small, Player.wide] {
        let bench = try Bench(trial.workspace, .corpus, size)
        bench.wait { $0.state.corpus.subsets.count == 5 && $0.frame.contains("灯台") }
        // Every subset, then every document that opens.
        bench.press(.tab)
        for _ in 0..<5 {
          bench.press(.enter, .enter)
          for _ in 0..<20 { bench.listen() }
          #expect(!bench.player.frame.contains("鱻"))
          bench.press(.escape, .backTab, .down)
          #expect(!bench.player.frame.contains("鱻"))
        }
        bench.press(.character("/"))
        bench.type("鏡は夏至")
        bench.press(.enter)
        bench.wait { $0.state.corpus.findings != nil }
        #expect(bench.player.state.corpus.findings?.total == 60)
        #expect(!bench.player.frame.contains("鱻"))
        bench.press(.enter)
        bench.wait { $0.frame.contains("The ferry") }

        bench.press(.character("2"))
        bench.wait { $0.frame.contains("finished") && $0.state.runs.ownCurves != nil }
        #expect(bench.player.frame.contains("0002_pretrain"))
        bench.press(.character("4"))
        bench.wait { $0.frame.contains(".800") }
        bench.press(.home, .right, .right, .right, .enter)
        bench.wait { $0.frame.contains("10") && $0.frame.contains("灯台") }
        bench.press(.escape, .right, .right, .right, .right, .right, .enter)
        bench.wait { $0.frame.contains("10 samples may not be shown") }
        bench.press(.character("5"))
        bench.wait { $0.frame.contains("0003") }
        bench.press(.character("3"))
        bench.wait { $0.frame.contains("0002@400") }
      }
    }
  }

  @Test func `a run that another process trains is followed`() throws {
    try withTemporaryFolder { folder in
      let trial = try TrialWorkspace(at: folder)
      let bench = try Bench(trial.workspace, .runs)
      bench.wait { $0.state.runs.ownCurves?.lastStep == 400 }
      let run = try Experiments(trial.workspace).create(
        slug: "live", kind: .pretrain, provenance: .current(version: "0"))
      let writer = try RunWriter(run.folder.run, goingOnFrom: 0)
      writer.event(.start, step: 0, "live")
      bench.wait { $0.state.runs.rows?.count == 2 }
      bench.press(.home)
      for step in 1...40 { TrialWorkspace.record(step, to: writer) }
      try writer.flush()
      bench.wait { $0.state.runs.ownCurves?.lastStep == 40 }
      TrialWorkspace.record(41, to: writer)
      // The writer closes its block within a second, the watcher sees it soon after.
      bench.wait { $0.state.runs.ownCurves?.lastStep == 41 }
    }
  }

  @Test func `an idle workspace sends nothing`() throws {
    try withTemporaryFolder { folder in
      let trial = try TrialWorkspace(at: folder)
      let bench = try Bench(trial.workspace, .runs)
      bench.wait { $0.state.runs.ownCurves != nil && $0.state.corpus.subsets.count == 5 }
      let settled = monotonicSeconds() + 0.5
      while monotonicSeconds() < settled { bench.listen() }
      bench.received = 0
      let end = monotonicSeconds() + 1
      while monotonicSeconds() < end { bench.listen() }
      #expect(bench.received == 0)
    }
  }

  @Test func `a wrong configuration is refused in one line, and nothing is registered`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      try Files.write("stepz: 10\n", to: folder / "wrong.yaml")
      let bench = try Bench(workspace, .runs)
      bench.wait { $0.state.runs.rows != nil }
      bench.press(.character("n"))
      bench.type("wrong.yaml")
      bench.press(.enter)
      bench.wait { $0.frame.contains("wrong.yaml") && !$0.frame.contains("Starting ...") }
      #expect(try Experiments(workspace).list().experiments.isEmpty)
    }
  }

  @Test func `requests to a run are files it reads`() throws {
    try withTemporaryFolder { folder in
      let trial = try TrialWorkspace(at: folder)
      let run = try Experiments(trial.workspace).find(2)
      let ownership = try Ownership.take(run.folder)
      defer { ownership.release() }
      let bench = try Bench(trial.workspace, .runs)
      bench.wait { $0.state.runs.run?.state.isLive == true }
      bench.press(.character("p"))
      bench.wait { $0.state.notice?.text.contains("pause") == true }
      bench.press(.character("s"), .character("y"))
      bench.wait { $0.state.notice?.text.contains("stop") == true }
      #expect(try Control(run.folder.control).pending().map(\.request) == [.pause, .stop])
    }
  }

  @Test func `what is typed and not sent outlives the workbench`() throws {
    try withTemporaryFolder { folder in
      let trial = try TrialWorkspace(at: folder)
      let drafts = trial.workspace.chats / "drafts"
      // A name with a dot first is a file that is being written.
      func names() -> [String] {
        ((try? Files.list(drafts)) ?? []).filter { !$0.hasPrefix(".") }
      }
      let bench = try Bench(trial.workspace, .chat)
      bench.wait { $0.state.chat.models?.isEmpty == false }
      bench.press(.enter)
      bench.type("書きかけ\u{3099}の文")
      // On disk without anybody having left: a killed process cannot say good-bye.
      bench.wait { _ in names().count == 1 }
      let name = try #require(names().first)
      bench.wait { _ in (try? Files.readText(drafts / name)) == "書きかけ\u{3099}の文" }
      // As if its process were no more. Of another host's nobody can tell.
      let fields = name.split(separator: ",")
      let left = "\(fields[0]),\(fields[1]),1,7.txt"
      try Files.rename(drafts / name, to: drafts / left)
      try Files.write("elsewhere", to: drafts / "other-host,b,1,7.txt")

      let next = try Bench(trial.workspace, .chat)
      next.wait { $0.state.chat.input.text == "書きかけ\u{3099}の文" }
      #expect(!Files.exists(drafts / left))
      #expect(names().count == 2)
      next.wait { $0.state.chat.models?.isEmpty == false }
      next.press(.enter, .control("u"))
      next.wait { _ in names() == ["other-host,b,1,7.txt"] }
    }
  }

  @Test func `a model that cannot be loaded is said in one line`() throws {
    try withTemporaryFolder { folder in
      let trial = try TrialWorkspace(at: folder)
      let bench = try Bench(trial.workspace, .chat)
      bench.wait { $0.state.chat.models?.isEmpty == false }
      bench.press(.enter)
      bench.wait { $0.state.notice != nil }
      #expect(bench.player.state.chat.model == nil)
    }
  }

  /// `KAJI_TRIAL=FOLDER` leaves such a workspace there, for trying the program by hand.
  @Test(.enabled(if: environment("KAJI_TRIAL") != nil))
  func `leaves a workspace to try`() throws {
    if let folder = environment("KAJI_TRIAL") { _ = try TrialWorkspace(at: Path(folder)) }
  }
}
