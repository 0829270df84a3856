import Base
import Lab
import Workflows

extension Commands {
  static let runsExport = Command(
    "runs export", "N", "a run's curves as comma-separated values, or for TensorBoard",
    options: [
      .value("--to", "FILE", "the file"), .value("--format", "F", "csv (else) or tensorboard"),
    ], count: 1...1
  ) { invocation in
    let folder = try Experiments(try invocation.workspace()).folder(
      of: try invocation.experiment())
    let rows: Int
    switch try invocation.choice("--format", of: RunExport.Form.self) ?? .csv {
    case .csv: rows = try RunExport.write(folder, to: try invocation.output())
    case .tensorboard:
      rows = try RunExport.writeEvents(folder, to: Path(try invocation.required("--to")))
    }
    if invocation.json {
      Output.json(["written": JSON(rows)])
    } else {
      invocation.remark("\(Format.count(rows)) steps written")
    }
    return .done
  }
}
