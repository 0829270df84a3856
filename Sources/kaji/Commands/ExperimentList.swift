import Base
import Lab

extension Commands {
  static let experimentList = Command("exp list", "", "the workspace's experiments") { invocation in
    let workspace = try invocation.workspace()
    let index = try Index(workspace)
    try index.refresh()
    let experiments = try index.experiments()
    for problem in try index.problems() {
      invocation.remark("kaji: warning: \(Sanitiser.visible(problem))")
    }
    if invocation.json {
      Output.json(.array(experiments.map { line($0.experiment, $0.state, in: workspace) }))
    } else if experiments.isEmpty {
      Output.line("no experiment yet: 'kaji exp new SLUG' registers one")
    } else {
      Output.table(
        [["NUMBER", "SLUG", "KIND", "STATE", "CREATED", "FOLDER"]]
          + experiments.map { entry in
            let experiment = entry.experiment
            return [
              Format.pad(experiment.number, 4), experiment.slug, experiment.kind.rawValue,
              entry.state.rawValue, experiment.created,
              workspace.relative(experiment.folder.path),
            ]
          }, leftColumns: 6)
    }
    return .done
  }
}
