import Base
import Lab
import Workflows

extension Commands {
  static let runsExport = Command(
    "runs export", "N", "a run's curves as comma-separated values",
    options: [.value("--to", "FILE", "the file")], count: 1...1
  ) { invocation in
    let folder = try Experiments(try invocation.workspace()).folder(
      of: try invocation.experiment())
    let rows = try RunExport.write(folder, to: try invocation.output())
    if invocation.json {
      Output.json(["written": JSON(rows)])
    } else {
      invocation.remark("\(Format.count(rows)) steps written")
    }
    return .done
  }
}
