/// The scores of a model over the nine categories and their average.
public struct ScoreSummary: Equatable, Sendable {
  /// A category: the unweighted mean of its tasks' representative metrics.
  public struct Line: Equatable, Sendable {
    public let category: Category
    public let estimate: Estimate
    /// The mean of its tasks' chances.
    public let chance: Double
    /// The tasks in it, by name.
    public let tasks: [String]
  }

  /// The categories that have a score, in the order of their abbreviations.
  public let lines: [Line]
  /// The unweighted mean over the nine categories; `nil` unless all nine have a score.
  ///
  /// llm-jp-eval counts 0 for a missing one, but prints the average only when all were run.
  public let average: Estimate?
  /// The mean chance over the nine categories, with ``average``.
  public let averageChance: Double?

  /// Sums up the rows of one model.
  ///
  /// Rows that represent no task of a category do not count; of several for one task the last does.
  public init(_ rows: some Sequence<ScoreRow>) {
    var newest: [String: ScoreRow] = [:]
    for row in rows where row.isRepresentative && row.category != nil { newest[row.task] = row }
    let counted = newest.values
    lines = Category.allCases.sorted().compactMap { category in
      let inside = counted.filter { $0.category == category }.sorted { $0.task < $1.task }
      guard !inside.isEmpty else { return nil }
      return Line(
        category: category, estimate: .mean(of: inside.map(\.estimate)),
        chance: inside.reduce(0) { $0 + $1.chance } / Double(inside.count),
        tasks: inside.map(\.task))
    }
    let isWhole = lines.count == Category.allCases.count
    average = isWhole ? .mean(of: lines.map(\.estimate)) : nil
    averageChance = isWhole ? lines.reduce(0) { $0 + $1.chance } / Double(lines.count) : nil
  }

  /// The score of a category.
  public subscript(category: Category) -> Line? { lines.first { $0.category == category } }
}
