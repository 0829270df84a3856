import Base
import Evaluation
import Lab
import Workflows

extension Commands {
  static let evaluate = Command(
    "eval", "MODEL", "evaluates a model, as a new experiment",
    options: [
      .value("--suite", "NAME", "a folder of tasks, or sample (the default)"),
      .value("--task", "T...", "tasks or categories, as NLI (all)", .list),
      .value("--shots", "N", "examples before each question (4)"),
    ], count: 1...1
  ) { invocation in
    let workspace = try invocation.workspace()
    let suite = try Suite(invocation.value("--suite"), in: workspace)
    let model = try invocation.model(invocation.arguments[0], in: workspace)
    let context = try invocation.context(workspace)
    let (experiment, rows) = try Interruption.raising(context.cancellation) {
      try EvaluationWorkflow.run(
        model, tasks: suite.folder, names: invocation.values("--task"),
        shots: try invocation.int("--shots", in: 0...100) ?? 4, in: workspace, context)
    }
    let table = ScoreTable(rows)
    if invocation.json {
      guard case .object(var object) = table.json else { return .failed }
      object["experiment"] = JSON(experiment)
      object["results"] = .array(
        rows.map { row in
          [
            "task": JSON(row.task), "category": JSON(row.category), "metric": JSON(row.metric),
            "value": row.value.map { JSON($0) } ?? .null,
            "error": row.error.map { JSON($0) } ?? .null, "n": JSON(row.n),
            "chance": row.chance.map { JSON($0) } ?? .null, "primary": JSON(row.isPrimary),
          ]
        })
      Output.json(.object(object))
    } else {
      invocation.remark("experiment \(experiment)")
      printTable(table)
    }
    return .done
  }

  /// Prints models by categories, chance below.
  static func printTable(_ table: ScoreTable) {
    func cells(_ values: [Double?]) -> [String] {
      values.map { $0.map { Format.fixed($0, 3) } ?? "-" }
    }
    var rows = [["MODEL", "SHOTS"] + table.columns.map { $0 == "average" ? "AVG" : $0 }]
    for (model, values) in zip(table.models, table.rows) {
      rows.append([model.name, "\(model.shots)"] + cells(values))
    }
    Output.table(rows + [["chance", ""] + cells(table.chance)])
  }
}
