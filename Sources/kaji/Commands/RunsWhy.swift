import Base
import Lab
import Workflows

extension Commands {
  static let runsWhy = Command(
    "runs why", "N", "what was found at the steps of a run that were out of order",
    options: [.value("--step", "S", "only of this step")], count: 1...1
  ) { invocation in
    let experiment = try Experiments(try invocation.workspace()).find(try invocation.experiment())
    var reader = RunReader(experiment.folder.run)
    reader.refresh()
    let step = try invocation.int("--step", in: 0...Int.max)
    let findings = SpikeFinding.all(
      reader, checkpoints: experiment.folder.checkpointSteps()
    ).filter { step == nil || $0.event.step == step }
    if invocation.json {
      Output.json([
        "experiment": JSON(experiment.number), "findings": .array(findings.map(\.json)),
      ])
      return .done
    }
    if findings.isEmpty {
      Output.line("experiment \(experiment.number): no step was out of order")
    }
    for (index, finding) in findings.enumerated() {
      if index > 0 { Output.line() }
      for (row, line) in finding.lines.enumerated() {
        Output.line(Sanitiser.visible(row == 0 ? line : "  " + line))
      }
    }
    return .done
  }
}
