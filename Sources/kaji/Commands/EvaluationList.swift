import Base
import Evaluation
import Workflows

extension Commands {
  static let evaluationList = Command(
    "eval list", "", "the tasks of a suite",
    options: [.value("--suite", "NAME", "a folder of tasks, or sample (the default)")]
  ) { invocation in
    let suite = try Suite(invocation.value("--suite"), in: try invocation.workspaceIfAny())
    let tasks = suite.tasks.tasks
    if invocation.json {
      Output.json([
        "suite": JSON(suite.tasks.name), "version": JSON(suite.tasks.version),
        "tasks": .array(
          tasks.map { task in
            [
              "task": JSON(task.name),
              "category": task.category.map { JSON($0.rawValue) } ?? .null,
              "metric": JSON(task.representative.rawValue), "samples": JSON(task.samples.count),
              "shots": JSON(task.shots.count), "chance": JSON(task.chance),
              "level": JSON(task.level.rawValue),
            ]
          }),
      ])
      return .done
    }
    Output.table(
      [["TASK", "CATEGORY", "METRIC", "SAMPLES", "SHOTS", "CHANCE"]]
        + tasks.map { task in
          [
            task.name, task.category.map { "\($0.rawValue) \($0.title)" } ?? "-",
            task.representative.rawValue, String(task.samples.count), String(task.shots.count),
            Format.fixed(task.chance, 3),
          ]
        }, leftColumns: 3)
    return .done
  }
}
