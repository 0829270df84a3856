import Base
import Lab
import Workflows

extension Commands {
  static let runsExport = Command(
    "runs export", "N", "a run's curves for other programs",
    options: [
      .value("--to", "FILE", "the file"),
      .value("--format", "FORMAT", "csv, json or svg (else as the file's name ends; csv)"),
    ], count: 1...1
  ) { invocation in
    let folder = try Experiments(try invocation.workspace()).folder(
      of: try invocation.experiment())
    let format =
      try invocation.choice("--format")
      ?? RunExport.Format.allCases.first {
        invocation.value("--to")?.hasSuffix(".\($0.rawValue)") == true
      } ?? .csv
    let rows = try RunExport.write(folder, as: format, to: try invocation.output())
    if invocation.json {
      Output.json(["written": JSON(rows)])
    } else {
      invocation.remark("\(Format.count(rows)) steps written")
    }
    return .done
  }
}
