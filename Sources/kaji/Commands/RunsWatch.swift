import Base
import Lab
import Workflows

extension Commands {
  static let runsWatch = Command(
    "runs watch", "N|PATH",
    "follows a run; exits 0 finished, 75 stopped, 1 failed or silent",
    options: [
      .value("--every", "SECONDS", "between two looks (1)"),
      .value(
        "--patience", "SECONDS",
        "how long to wait for a run that has not begun (30), or for files that do not grow (600)"),
    ], count: 1...1
  ) { invocation in
    let target = invocation.arguments[0]
    if Int(target) == nil, Files.exists(Path(target)) {
      return try watchForeign(Path(target), invocation)
    }
    let workspace = try invocation.workspace()
    var alerts = AlertWatch(workspace.settings.alerts)
    let experiment = try Experiments(workspace).find(try invocation.experiment())
    let follower = RunFollower(
      experiment, every: try invocation.double("--every", in: 0.05...3600) ?? 1,
      patience: try invocation.double("--patience", in: 0...1e9) ?? 30)
    let isTalking = !invocation.json && !invocation.quiet
    let summary = follower.follow { sight in
      for alert in alerts.look([(experiment.number, sight.summary)], now: monotonicSeconds()) {
        tell(alert, workspace, experiment)
      }
      guard isTalking else { return }
      for event in sight.events {
        Output.line(
          Sanitiser.visible(
            "\(event.time.short)  \(event.kind.rawValue) \(event.step)  \(event.text)"))
      }
      if let line = progress(sight.summary) { Output.line(line) }
    }
    if invocation.json {
      Output.json([
        "experiment": JSON(experiment.number), "state": JSON(summary.state.rawValue),
        "step": JSON(summary.step), "loss": summary.loss.map { JSON($0) } ?? .null,
        "spikes": JSON(summary.spikes),
      ])
    } else {
      Output.line(
        "experiment \(experiment.number) is \(summary.state.rawValue) at step \(summary.step)")
    }
    switch summary.state {
    case .finished: return .done
    case .stopped: return .saved
    default: return .failed
    }
  }

  /// Rings the bell and starts the command that the workspace has for alerts.
  private static func tell(_ alert: Alert, _ workspace: Workspace, _ experiment: Experiment) {
    let settings = workspace.settings.alerts
    if settings.bell { Output.ring() }
    let output =
      workspace.isWritable ? experiment.folder.logs / "alerts.txt" : Path("/dev/null")
    do { try AlertCommand.run(alert, settings, output: output) } catch {
      Output.note("kaji: warning: \(oneLine(error))")
    }
  }

  /// Follows files that another tool writes.
  private static func watchForeign(_ path: Path, _ invocation: Invocation) throws -> ExitStatus {
    let every = try invocation.double("--every", in: 0.05...3600) ?? 1
    let patience = try invocation.double("--patience", in: 0...1e9) ?? 600
    let isTalking = !invocation.json && !invocation.quiet
    var watch = try ForeignWatch(path)
    var heard = monotonicSeconds()
    var sight = try watch.look()
    while true {
      if isTalking, sight.isNew {
        for event in sight.events {
          Output.line(
            Sanitiser.visible("\(event.kind.rawValue) \(event.step)  \(event.text)"))
        }
        let loss = sight.loss.map { "  loss \(Format.fixed($0, 4))" } ?? ""
        Output.line("step \(Format.count(sight.step))\(loss)")
      }
      if sight.isNew { heard = monotonicSeconds() }
      guard sight.end == nil, monotonicSeconds() - heard < patience else { break }
      sleep(seconds: every)
      sight = try watch.look()
    }
    let state = sight.end?.rawValue ?? "silent"
    if invocation.json {
      Output.json([
        "path": JSON(path.string), "tool": JSON(watch.tool), "state": JSON(state),
        "step": JSON(sight.step), "loss": sight.loss.map { .number($0) } ?? .null,
        "spikes": JSON(watch.spikes),
      ])
    } else {
      Output.line("the run of \(watch.tool) is \(state) at step \(sight.step)")
    }
    return sight.end == .finished ? .done : .failed
  }

  /// One line on where a run is.
  private static func progress(_ summary: RunSummary) -> String? {
    guard let loss = summary.loss else { return nil }
    func last(_ name: String) -> Double? {
      summary.metrics.first { $0.name == name }?.summary.last
    }
    var text = "step \(Format.count(summary.step))  loss \(Format.fixed(loss, 4))"
    if let rate = last("learning_rate") { text += "  lr \(Format.significant(rate, 3))" }
    if let rate = last("tokens_per_second") { text += "  \(Format.short(rate)) tokens/s" }
    if summary.state != .running { text += "  \(summary.state.rawValue)" }
    return text
  }
}
