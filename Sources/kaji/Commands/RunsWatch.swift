import Base
import Lab
import Workflows

extension Commands {
  static let runsWatch = Command(
    "runs watch", "N", "follows a run; exits 0 finished, 75 stopped, 1 failed or silent",
    options: [
      .value("--every", "SECONDS", "between two looks (1)"),
      .value("--patience", "SECONDS", "how long to wait for a run that has not begun (30)"),
    ], count: 1...1
  ) { invocation in
    let workspace = try invocation.workspace()
    let experiment = try Experiments(workspace).find(try invocation.experiment())
    let follower = RunFollower(
      experiment, every: try invocation.double("--every", in: 0.05...3600) ?? 1,
      patience: try invocation.double("--patience", in: 0...1e9) ?? 30)
    let isTalking = !invocation.json && !invocation.quiet
    let summary = follower.follow { sight in
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
