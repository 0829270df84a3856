import Base
import Testing

@testable import Evaluation

/// Two models' answers to the same questions.
struct ComparisonTests {
  private func evaluate(_ name: String, _ tasks: [EvaluationTask], knows: Bool) throws
    -> EvaluationResult
  {
    let model = try FakeModel { knows ? EvaluatorTests.answer($0) : "0" }
    return try Evaluator(model: model, identity: ModelIdentity(hash: name, name: name))
      .evaluate(tasks)
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
