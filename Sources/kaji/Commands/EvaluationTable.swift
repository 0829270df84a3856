import Base
import Lab

extension Commands {
  static let evaluationTable = Command(
    "eval table", "", "models by categories, of all evaluations"
  ) { invocation in
    let index = try Index(try invocation.workspace())
    try index.refresh()
    let table = ScoreTable(try index.scores())
    if invocation.json {
      Output.json(table.json)
    } else if table.models.isEmpty {
      Output.line("no scores yet: 'kaji eval MODEL' makes some")
    } else {
      printTable(table)
    }
    return .done
  }
}
