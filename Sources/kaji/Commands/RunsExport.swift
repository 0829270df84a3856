import Base
import Lab
import Workflows

extension Commands {
  static let runsExport = Command(
    "runs export", "N", "a run's curves for other programs",
    options: [
      .value("--to", "FILE", "the file"),
      .value(
        "--format", "F",
        "csv, json, svg or tensorboard (else what the name ends in, or has: tfevents; else csv)"),
    ], count: 1...1
  ) { invocation in
    let folder = try Experiments(try invocation.workspace()).folder(
      of: try invocation.experiment())
    let path = try invocation.outputPath()
    let form =
      try invocation.choice("--format") ?? path.flatMap { RunExport.Form(naming: $0.string) }
      ?? .csv
    let rows = try RunExport.write(folder, as: form, to: path)
    if invocation.json {
      Output.json(["written": JSON(rows)])
    } else {
      invocation.remark("\(Format.count(rows)) steps written as \(form.rawValue)")
    }
    return .done
  }
}
