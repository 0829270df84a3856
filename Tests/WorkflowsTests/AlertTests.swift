import Base
import Lab
import TestSupport
import Testing

@testable import Workflows

@Suite("Alerts") struct AlertTests {
  /// The summary of a run that has recorded so many steps, and perhaps ended.
  private static func summary(
    _ folder: Path, steps: Int, spikes: [Int] = [], nan: Int? = nil, state: RunState = .running
  ) throws -> RunSummary {
    try Files.remove(folder)
    let writer = try RunWriter(folder, goingOnFrom: 0)
    for step in 1...steps {
      writer.record(step: step, [("loss", step == nan ? .nan : 2)])
      if spikes.contains(step) { writer.event(.spike, step: step, "high") }
    }
    try writer.flush()
    var reader = RunReader(folder)
    reader.refresh()
    return RunSummary(reader, state: state)
  }

  @Test func `each new thing is told once, and the first look tells nothing`() throws {
    try withTemporaryFolder { folder in
      var settings = AlertSettings()
      settings.stallSeconds = 60
      var watch = AlertWatch(settings)
      func look(_ summary: RunSummary, _ now: Double) -> [Alert.Kind] {
        watch.look([(6, summary)], now: now).map(\.kind)
      }
      let run = folder / "run"
      #expect(look(try Self.summary(run, steps: 5, spikes: [3], nan: 4), 0) == [])
      #expect(look(try Self.summary(run, steps: 9, spikes: [3, 8], nan: 4), 1) == [.spike])
      #expect(look(try Self.summary(run, steps: 9, spikes: [3, 8], nan: 4), 2) == [])
      let stalled = try Self.summary(run, steps: 9, spikes: [3, 8], nan: 4)
      #expect(look(stalled, 60) == [] && look(stalled, 62) == [.stall])
      #expect(look(stalled, 200) == [], "once")
      #expect(look(try Self.summary(run, steps: 10, spikes: [3, 8], nan: 4), 201) == [])
      var ended = try Self.summary(run, steps: 12, spikes: [3, 8], nan: 4, state: .failed)
      #expect(look(ended, 202) == [.failure])
      ended = try Self.summary(run, steps: 12, spikes: [3, 8], state: .finished)
      #expect(look(ended, 203) == [.end])
    }
  }

  @Test func `a run that has come since is news as a whole`() throws {
    try withTemporaryFolder { folder in
      var watch = AlertWatch(AlertSettings())
      #expect(watch.look([], now: 0).isEmpty)
      let summary = try Self.summary(
        folder / "run", steps: 9, spikes: [3], nan: 5, state: .finished)
      let alerts = watch.look([(7, summary)], now: 1)
      #expect(alerts.map(\.kind) == [.spike, .notFinite, .end])
      #expect(alerts[0].line == "0007 a spike by step 9")
    }
  }

  @Test func `the command gets its arguments as they are, through no shell`() throws {
    try withTemporaryFolder { folder in
      var settings = AlertSettings()
      settings.command = ["/usr/bin/printf", "[%s]"]
      let text = "high; $(touch \(folder / "bad")) `id` \"'\u{1B}[2J"
      let output = folder / "alerts.txt"
      try AlertCommand.run(Alert(.spike, 6, step: 410, text), settings, output: output)
      let patience = monotonicSeconds() + 20
      while (try? Files.size(output)) ?? 0 == 0, monotonicSeconds() < patience {
        sleep(seconds: 0.01)
      }
      let written = try Files.readText(output)
      #expect(written == "[spike][0006][410][\(Sanitiser.visible(text))]")
      #expect(!Files.exists(folder / "bad") && !written.contains("\u{1B}"))
    }
  }
}
