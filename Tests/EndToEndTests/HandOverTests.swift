import Base
import Lab
import TestSupport
import Testing

/// A run that lives in the workbench outlives it.
@Suite("handing over") struct HandOverTests {
  /// A terminal of its own, in which a person sits.
  private struct Terminal {
    let socket: String

    func callAsFunction(_ words: String...) throws -> String {
      let (_, output) = try Subprocess.run(["tmux", "-L", socket] + words)
      return String(decoding: output, as: UTF8.self)
    }

    /// Waits until the screen shows `text`.
    func wait(for text: String, seconds: Double = 120) throws {
      let end = monotonicSeconds() + seconds
      var screen = ""
      while monotonicSeconds() < end {
        screen = try self("capture-pane", "-p")
        if screen.contains(text) { return }
        sleep(seconds: 0.05)
      }
      Issue.record("the screen never showed \(text): \(screen)")
    }
  }

  @Test("quitting the workbench while the demo trains starts a process that goes on with the run")
  func quitting() throws {
    try withTemporaryFolder { folder in
      let terminal = Terminal(socket: "kaji-\(folder.name)")
      defer { _ = try? terminal("kill-server") }
      _ = try terminal("new-session", "-d", "-x", "80", "-y", "24", "/bin/sh")
      // The full preset: the run must not be over before it is looked at.
      _ = try terminal("send-keys", "\(Kaji.program) demo \(folder)/life", "Enter")
      try terminal.wait(for: "pre-training  ")
      _ = try terminal("send-keys", "w", "Enter")
      try terminal.wait(for: "[2 Runs]")
      _ = try terminal("send-keys", "q")

      let kaji = Kaji(folder: folder / "life")
      let run = try #require(try finished(folder / "life"))
      let owner = try #require(try OwnerRecord.read(run.owner))
      defer { killAndWait(owner.process.pid) }
      let events = try #require(try kaji.json("runs", "show", "4")["events"]?.array)
      let (saved, resumed) = (
        events.last { $0["kind"] == "checkpoint" }, events.last { $0["kind"] == "resume" }
      )
      #expect(saved?["step"] == resumed?["step"], "no step was lost")
      let step = try #require(try kaji.json("runs", "list")[0]?["step"]?.int)
      #expect(step > resumed?["step"]?.int ?? .max)
    }
  }

  /// The folder of the demo's run, once a second process has done a step of it.
  private func finished(_ life: Path) throws -> ExperimentFolder? {
    let workspace = try Workspace.open(life)
    let folder = try Experiments(workspace).folder(of: 4)
    let end = monotonicSeconds() + 60
    while monotonicSeconds() < end {
      var reader = RunReader(folder.run)
      reader.refresh()
      if reader.segmentHeaders.count == 2, let step = reader.lastStep,
        step > reader.segmentHeaders[1].from
      {
        return folder
      }
      sleep(seconds: 0.1)
    }
    return nil
  }
}
