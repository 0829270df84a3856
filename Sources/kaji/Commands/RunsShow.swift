import Base
import Formats
import Lab
import Workflows

extension Commands {
  static let runsShow = Command(
    "runs show", "N", "a run: configuration, metrics, events", count: 1...1
  ) { invocation in
    let experiments = Experiments(try invocation.workspace())
    let experiment = try experiments.find(try invocation.experiment())
    var reader = RunReader(experiment.folder.run)
    reader.refresh()
    let config = experiment.folder.config
    guard reader.hasRecord || Files.exists(config) else {
      throw Failure(
        "experiment \(experiment.number) has no run", remedy: "See 'kaji runs list'.")
    }
    for problem in reader.problems {
      invocation.remark("kaji: warning: \(Sanitiser.visible(problem))")
    }
    let state = experiments.state(of: experiment)
    let summary = RunSummary(reader, state: state)
    let scores = ["loss", "gradient_norm"].map {
      (metric: $0, share: RunQuality.spikeScore($0, of: reader))
    }
    let events = reader.events.filter { !$0.isSuperseded }
    let checkpoints = RunCheckpoint.all(of: experiment.folder)
    if invocation.json {
      Output.json([
        "experiment": JSON(experiment.number), "state": JSON(state.rawValue),
        "step": JSON(summary.step),
        "total_steps": summary.totalSteps.map { JSON($0) } ?? .null, "slug": JSON(experiment.slug),
        "kind": JSON(experiment.kind.rawValue),
        "config": Files.exists(config) ? try YAML.read(config).root : .null,
        "spike_score": .object(
          scores.map { ($0.metric, $0.share.map { .number($0) } ?? .null) }),
        "checkpoints": .array(checkpoints.map(\.json)),
        "metrics": .object(summary.metrics.map { ($0.name, $0.summary.json) }),
        "events": .array(
          events.map { event in
            [
              "step": JSON(event.step), "kind": JSON(event.kind.rawValue),
              "text": JSON(event.text), "time": JSON(event.time.iso8601),
            ]
          }),
      ])
      return .done
    }
    let total = summary.totalSteps.map { " of \($0)" } ?? ""
    Output.line(
      Sanitiser.visible(
        "\(experiment.folder.name): \(state.rawValue) at step \(summary.step)\(total)"))
    if !summary.metrics.isEmpty { Output.line() }
    Output.table(
      summary.metrics.isEmpty
        ? []
        : [["METRIC", "LAST", "MIN", "MAX", "COUNT", "NOT FINITE"]]
          + summary.metrics.map { name, metric in
            [
              name, number(metric.last), number(metric.minimum), number(metric.maximum),
              Format.count(metric.count), Format.count(metric.nonFinite),
            ]
          })
    let known = scores.compactMap { score in
      score.share.map { "\(score.metric) \(Format.significant(100 * $0, 3))%" }
    }
    if !known.isEmpty { Output.line("spike score: \(known.joined(separator: ", "))") }
    if !checkpoints.isEmpty {
      let shown = checkpoints.prefix(12).map {
        "\($0.step)\($0.isPinned ? " pinned" : "")\($0.isBest ? " best" : "")"
      }
      let more = checkpoints.count > 12 ? ", .." : ""
      Output.line("checkpoints: \(shown.joined(separator: ", "))\(more)")
    }
    if !events.isEmpty { Output.line() }
    Output.table(
      events.map { [$0.time.short, String($0.step), $0.kind.rawValue, $0.text] }, leftColumns: 4)
    return .done
  }

  private static func number(_ value: Double?) -> String {
    value.map { Format.significant($0, 5) } ?? "-"
  }
}
