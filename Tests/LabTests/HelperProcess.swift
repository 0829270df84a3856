import Base
import Glibc
import TestSupport
import Testing

@testable import Lab

/// Parts of tests that run in processes of their own: this test program, started again.
enum HelperProcess {
  /// Starts the "helper" test `name` in a new process, which finds `argument` in its environment.
  static func start(_ name: String, _ argument: String, output: Path) throws -> Int {
    var command = ["/usr/bin/env", "KAJI_HELPER=\(name)", "KAJI_HELPER_ARGUMENT=\(argument)"]
    // Under SwiftPM the program is the test bundle itself, run by its own main.
    command += [
      executablePath.string, "--testing-library", "swift-testing", "--filter", "HelperTests",
    ]
    return try Subprocess.detach(command, output: output)
  }

  /// The argument, if this process was started for the part `name`.
  static func argument(_ name: String) -> String? {
    environment("KAJI_HELPER") == name ? environment("KAJI_HELPER_ARGUMENT") : nil
  }

  /// Workspace and name of a process that races others, if this one was started for the part `name`.
  static func racer(_ name: String) throws -> (Workspace, name: String)? {
    guard let argument = argument(name) else { return nil }
    let parts = argument.split(separator: ":").map(String.init)
    return (try Workspace.open(Path(parts[0])), parts[1])
  }

  /// Waits until `condition` holds: so long that only what never comes about fails, however busy the machine is.
  static func wait(seconds: Double = 300, until condition: () throws -> Bool) rethrows -> Bool {
    let end = monotonicSeconds() + seconds
    while monotonicSeconds() < end {
      if try condition() { return true }
      _ = try? Subprocess.run(["/bin/sleep", "0.01"])
    }
    return false
  }
}

/// What helper processes do; in an ordinary run of the tests these do nothing.
@Suite("Helper processes") struct HelperTests {
  @Test func register() throws {
    guard let argument = HelperProcess.argument("register") else { return }
    let parts = argument.split(separator: ":").map(String.init)
    let workspace = try Workspace.open(Path(parts[0]))
    for round in 0..<5 {
      _ = try Experiments(workspace).create(
        slug: "racer-\(parts[1])-\(round)", kind: .study, provenance: Provenance())
    }
    try Files.write("done", to: Path("\(parts[0])/done-\(parts[1])"))
  }

  @Test func registerSame() throws {
    guard let (workspace, name) = try HelperProcess.racer("register-same") else { return }
    for _ in 0..<3 {
      _ = try Experiments(workspace).create(slug: "same", kind: .study, provenance: Provenance())
    }
    try Files.write("done", to: workspace.root / "done-\(name)")
  }

  @Test func adopt() throws {
    guard let (workspace, name) = try HelperProcess.racer("adopt") else { return }
    var word = "won"
    do {
      _ = try Experiments(workspace).create(
        slug: "racer-\(name)", kind: .study, number: 77, provenance: Provenance())
    } catch { word = oneLine(error) }
    try Files.write(word, to: workspace.root / "done-\(name)")
  }

  @Test func note() throws {
    guard let (workspace, name) = try HelperProcess.racer("note") else { return }
    for round in 0..<5 { try Experiments(workspace).note(1, "\(name)/\(round)") }
    try Experiments(workspace).update(1) { $0.links.append("link-\(name)") }
    try Files.write("done", to: workspace.root / "done-\(name)")
  }

  @Test func share() throws {
    guard let argument = HelperProcess.argument("share") else { return }
    let parts = argument.split(separator: ":").map(String.init)
    let root = Path(parts[0])
    var word = "shared"
    do {
      umask(0o077)
      let workspace = try Workspace.create(at: root / "w", group: parts[1])
      let made = try Experiments(workspace).create(
        slug: "a", kind: .study, provenance: Provenance())
      try Experiments(workspace).note(1, "a note")
      try RunWriter(made.folder.run, goingOnFrom: 0).end(.finished, step: 1)
      let scores = try ScoreWriter(made.folder.scores, name: "suite")
      try scores.append(ScoreTests.rows[0])
      try scores.finish()
      var chat = Conversation(model: "m")
      chat.append(role: "user", "hello")
      try Chats(workspace).save(&chat)
      try Index(workspace).refresh()
    } catch { word = oneLine(error) }
    try Files.write(word, to: root / "done")
  }

  @Test func train() throws {
    guard let folder = HelperProcess.argument("train") else { return }
    let experiment = ExperimentFolder(Path(folder))
    let ownership = try Ownership.take(experiment)
    let writer = try RunWriter(experiment.run, goingOnFrom: 0)
    writer.event(.start, step: 0, "begins")
    let control = Control(experiment.control)
    for step in 1...100_000 {
      // The test that started this process may have failed meanwhile.
      guard Files.exists(experiment.settings) else { return }
      writer.record(step: step, [("loss", Double(step))])
      for request in try control.pending() {
        writer.event(
          request.request.eventKind, step: step, "asked by \(request.by)",
          data: ["request": JSON(request.id)])
        try control.finish(request)
        if request.request == .stop {
          try writer.end(.stopped, step: step)
          ownership.release()
          return
        }
      }
      _ = try Subprocess.run(["/bin/sleep", "0.002"])
    }
  }
}
