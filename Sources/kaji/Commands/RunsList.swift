import Base
import Lab

extension Commands {
  static let runsList = Command("runs list", "", "the workspace's runs") { invocation in
    let index = try Index(try invocation.workspace())
    try index.refresh()
    let runs = try index.runs()
    for problem in try index.problems() {
      invocation.remark("kaji: warning: \(Sanitiser.visible(problem))")
    }
    if invocation.json {
      Output.json(
        .array(
          runs.map { run in
            [
              "experiment": JSON(run.experiment.number), "state": JSON(run.summary.state.rawValue),
              "step": JSON(run.summary.step), "loss": run.summary.loss.map { JSON($0) } ?? .null,
              "total_steps": run.summary.totalSteps.map { JSON($0) } ?? .null,
              "spikes": JSON(run.summary.spikes), "slug": JSON(run.experiment.slug),
              "kind": JSON(run.experiment.kind.rawValue),
            ]
          }))
    } else if runs.isEmpty {
      Output.line("no run yet: 'kaji train CONFIG.yaml' starts one")
    } else {
      Output.table(
        [["RUN", "SLUG", "KIND", "STATE", "STEP", "OF", "LOSS", "SPIKES", "HEARD OF"]]
          + runs.map { run in
            [
              Format.pad(run.experiment.number, 4), run.experiment.slug,
              run.experiment.kind.rawValue, run.summary.state.rawValue,
              Format.count(run.summary.step), run.summary.totalSteps.map(Format.count) ?? "-",
              run.summary.loss.map { Format.fixed($0, 4) } ?? "-", String(run.summary.spikes),
              run.summary.lastRecord?.short ?? "-",
            ]
          }, leftColumns: 4)
    }
    return .done
  }
}
