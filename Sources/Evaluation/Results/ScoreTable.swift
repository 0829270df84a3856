public import Base

/// Models by scores: a line a model, a column a category or a task, and the average.
public struct ScoreTable: Equatable, Sendable {
  /// What the columns are.
  public enum Columns: Equatable, Sendable {
    /// The nine categories and AVG, whether they have scores or not.
    case categories
    /// Every task that has a score, by its representative metric; those of one category only if one
    /// is given.
    case tasks(of: Category?)
  }

  /// In the order in which they first occur in the rows.
  public let models: [ModelIdentity]
  public let columns: [String]
  /// A line a model: what it scored in each column; `nil` where it was not measured.
  public let cells: [[Estimate?]]
  /// The score of chance in each column.
  public let chance: [Double?]

  /// Makes the table of rows of any models; of several rows for one score the last counts.
  public init(_ rows: some Sequence<ScoreRow>, columns kind: Columns = .categories) {
    let rows = Array(rows)
    var models: [ModelIdentity] = []
    var byModel: [String: [ScoreRow]] = [:]
    for row in rows {
      if byModel[row.model.hash] == nil { models.append(row.model) }
      byModel[row.model.hash, default: []].append(row)
    }
    self.models = models
    switch kind {
    case .categories:
      let summaries = models.map { ScoreSummary(byModel[$0.hash] ?? []) }
      let categories = Category.allCases.sorted()
      columns = categories.map(\.rawValue) + ["AVG"]
      cells = summaries.map { summary in
        categories.map { summary[$0]?.estimate } + [summary.average]
      }
      chance =
        categories.map { category in
          summaries.reduce(nil) { $1[category]?.chance ?? $0 }
        } + [summaries.reduce(nil) { $1.averageChance ?? $0 }]
    case .tasks(let category):
      let chosen = rows.filter {
        $0.isRepresentative && (category == nil || $0.category == category)
      }
      // By category, those without one last; then by name.
      let keys = Set(chosen.map { TaskColumn(category: $0.category, task: $0.task) }).sorted()
      columns = keys.map(\.task)
      func last(_ key: TaskColumn, _ rows: [ScoreRow]) -> ScoreRow? {
        rows.last { $0.isRepresentative && $0.task == key.task && $0.category == key.category }
      }
      cells = models.map { model in
        keys.map { last($0, byModel[model.hash] ?? [])?.estimate }
      }
      chance = keys.map { last($0, chosen)?.chance }
    }
  }

  /// `{"models", "columns", "rows": [[value or null]], "errors", "chance"}`.
  public var json: JSON {
    func numbers(_ values: [Double?]) -> JSON {
      .array(values.map { $0.map { .number($0) } ?? .null })
    }
    return [
      "models": .array(models.map { .string($0.name) }),
      "columns": .array(columns.map { .string($0) }),
      "rows": .array(cells.map { line in numbers(line.map { $0?.value }) }),
      "errors": .array(cells.map { line in numbers(line.map { $0?.error }) }),
      "chance": numbers(chance),
    ]
  }
}

/// A task as a column.
private struct TaskColumn: Hashable, Comparable {
  let category: Category?
  let task: String

  static func < (a: TaskColumn, b: TaskColumn) -> Bool {
    switch (a.category, b.category) {
    case (let one?, let other?) where one != other: one < other
    case (nil, _?): false
    case (_?, nil): true
    default: a.task < b.task
    }
  }
}
