import Base
import Lab
import Workflows

extension Commands {
  static let runsExport = Command(
    "runs export", "N", "a run's curves for other programs",
    options: [
      .value("--to", "FILE", "the file"),
      .value("--format", "F", "csv, json, svg or tensorboard (else as the file's name says; csv)"),
    ], count: 1...1
  ) { invocation in
    let folder = try Experiments(try invocation.workspace()).folder(
      of: try invocation.experiment())
    let name = invocation.value("--to") ?? ""
    let form =
      try invocation.choice("--format")
      ?? RunExport.Form.allCases.first { name.hasSuffix(".\($0.rawValue)") } ?? .csv
    let rows =
      form == .tensorboard
      ? try RunExport.writeEvents(folder, to: Path(try invocation.required("--to")))
      : try RunExport.write(folder, as: form, to: try invocation.output())
    if invocation.json {
      Output.json(["written": JSON(rows)])
    } else {
      invocation.remark("\(Format.count(rows)) steps written")
    }
    return .done
  }
}
