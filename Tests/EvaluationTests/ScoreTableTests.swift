import Base
import Testing

@testable import Evaluation

struct ScoreTableTests {
  private func evaluate(_ name: String, _ tasks: [EvaluationTask], knows: Bool) throws
    -> EvaluationResult
  {
    let model = try FakeModel { knows ? EvaluatorTests.answer($0) : "0" }
    return try Evaluator(model: model, identity: ModelIdentity(hash: name, name: name))
      .evaluate(tasks)
  }

  @Test func tableHasModelsByCategories() throws {
    let all = Category.allCases.map { EvaluatorTests.task("t\($0.rawValue)", $0) }
    let good = try evaluate("good", all, knows: true)
    let bad = try evaluate("bad", Array(all.prefix(2)), knows: false)
    let table = ScoreTable(good.rows + bad.rows)
    #expect(table.models.map(\.name) == ["good", "bad"])
    #expect(table.columns == ["EL", "FA", "HE", "MC", "MR", "MT", "NLI", "QA", "RC", "AVG"])
    #expect(table.cells[0].map { $0?.value } == Array(repeating: 0.75, count: 10))
    #expect(table.cells[1].map { $0?.value } == [0.1, 0.1] + Array(repeating: nil, count: 8))
    #expect(table.chance[0] == 0.1 && abs((table.chance[9] ?? 0) - 0.1) < 1e-12)
    #expect(table.json["rows"]?[1]?[2]?.isNull == true)

    // A later row for the same score takes the place of the earlier.
    let again = ScoreTable(bad.rows + bad.rows)
    #expect(again.cells == [table.cells[1]])
    #expect(ScoreTable([]).models.isEmpty)
  }

  @Test func tableHasModelsByTasks() throws {
    let tasks = [
      EvaluatorTests.task("z", .entityLinking), EvaluatorTests.task("b", .questionAnswering),
      EvaluatorTests.task("a", .questionAnswering), EvaluatorTests.task("none", nil),
    ]
    let rows = try evaluate("m", tasks, knows: true).rows
    #expect(ScoreTable(rows, columns: .tasks(of: nil)).columns == ["z", "a", "b", "none"])
    #expect(ScoreTable(rows, columns: .tasks(of: .questionAnswering)).columns == ["a", "b"])
  }

  @Test func modelsAreComparedBySamples() throws {
    let tasks = [
      EvaluatorTests.task("a", .questionAnswering), EvaluatorTests.task("b", .questionAnswering),
      EvaluatorTests.task("c", .multipleChoice),
    ]
    let good = try evaluate("good", tasks, knows: true).samples
    let bad = try evaluate("bad", tasks, knows: false).samples
    let result = try PairedBootstrap(good, bad, resamples: 500)
    #expect(abs(result.difference - 0.65) < 1e-12)
    #expect(result.probability < 0.01 && result.low > 0.4)
    let partial = try PairedBootstrap(good, bad.filter { $0.task == "c" }, resamples: 100)
    #expect(abs(partial.difference - 0.65) < 1e-12)
    #expect(throws: Failure.self) { try PairedBootstrap(good, Array(bad.dropFirst())) }
    #expect(throws: Failure.self) { try PairedBootstrap(good, []) }
  }
}
