public import Base

/// Scores as a table: models down, categories across, their average last.
public struct ScoreTable: Equatable, Sendable {
  /// The nine categories of llm-jp-eval, in the order in which they are shown.
  public static let standardCategories = ["EL", "FA", "HE", "MC", "MR", "MT", "NLI", "QA", "RC"]

  /// One row of the table: a model asked with so many shots. What was asked otherwise is no part of one average.
  public struct Model: Hashable, Sendable {
    public let name: String
    public let hash: String
    public let step: Int?
    public let shots: Int
  }

  /// In the order in which they first appear in the rows.
  public let models: [Model]
  /// Categories that have scores, the standard ones first; "average" last.
  public let columns: [String]
  /// 0 to 1; `nil` where nothing was measured. An average needs all categories of the table.
  public let rows: [[Double?]]
  /// What chance scores in each column.
  public let chance: [Double?]

  /// Builds the table: a category's score is the mean over its tasks' main metrics.
  ///
  /// Of several results for one model, task, version, number of shots and metric the last in `scores` counts.
  public init(_ scores: [ScoreRow]) {
    var models: [Model] = []
    var latest: [Cell: [String: ScoreRow]] = [:]
    for row in scores where row.isPrimary {
      let model = Model(name: row.model, hash: row.modelHash, step: row.step, shots: row.shots)
      if !models.contains(model) { models.append(model) }
      let key = "\(row.task)\u{0}\(row.version)\u{0}\(row.metric)"
      latest[Cell(model: model, category: row.category), default: [:]][key] = row
    }
    let found = Set(latest.keys.map(\.category))
    let categories =
      Self.standardCategories.filter(found.contains)
      + found.subtracting(Self.standardCategories).sorted()
    func cell(_ model: Model, _ category: String, _ part: (ScoreRow) -> Double?) -> Double? {
      let rows = latest[Cell(model: model, category: category)] ?? [:]
      return Self.mean(rows.sorted { $0.key < $1.key }.map { part($0.value) })
    }
    self.models = models
    columns = categories + ["average"]
    rows = models.map { model in
      let values = categories.map { cell(model, $0, \.value) }
      return values + [Self.mean(values)]
    }
    let floors = categories.map { category in
      models.lazy.compactMap { cell($0, category, \.chance) }.first
    }
    chance = floors + [Self.mean(floors)]
  }

  private struct Cell: Hashable {
    let model: Model
    let category: String
  }

  /// The mean, if every value is there.
  private static func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0 }
    guard !known.isEmpty, known.count == values.count else { return nil }
    return known.reduce(0, +) / Double(known.count)
  }

  /// The shape that `eval table --json` fixes.
  public var json: JSON {
    .object([
      ("models", .array(models.map { JSON($0.name) })),
      ("shots", .array(models.map { JSON($0.shots) })),
      ("columns", .array(columns.map { JSON($0) })),
      ("rows", .array(rows.map { .array($0.map { .optional($0) }) })),
      ("chance", .array(chance.map { .optional($0) })),
    ])
  }
}
