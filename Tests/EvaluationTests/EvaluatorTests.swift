import Base
import Synchronization
import TestSupport
import Testing

@testable import Evaluation

struct EvaluatorTests {
  static let identity = ModelIdentity(hash: "abc", name: "0001@10", step: 10, trainedTokens: 20_480)

  /// A task that asks for the last digit of its input.
  static func task(
    _ name: String, _ category: Category?, _ metrics: [Metric] = [.exactMatch], samples: Int = 20,
    level: ReleaseLevel = .L1
  ) -> EvaluationTask {
    EvaluationTask(
      name: name, category: category, version: "1", level: level, instruction: "last digit",
      outputLength: 8, metrics: metrics, representative: metrics[0],
      shots: (0..<4).map { Example(input: "\(name) shot \($0)", output: "\($0)") },
      samples: (0..<samples).map { Example(input: "\(name) \($0)", output: "\($0 % 10)") })
  }

  /// Knows the digit, but not in every fourth question; goes on after the blank line.
  static func answer(_ prompt: String) -> String {
    let input = prompt.split(separator: "### 入力:\n").last?.split(separator: "\n").first ?? ""
    let number = Int(input.split(separator: " ").last ?? "") ?? 0
    return number % 4 == 3 ? "?" : " \(number % 10)\n\nx"
  }

  @Test func rowsAndSamplesTellEverything() throws {
    let model = try FakeModel(answer: Self.answer)
    let task = Self.task("digits", .mathematicalReasoning, [.exactMatch, .charF1])
    let result = try Evaluator(model: model, identity: Self.identity).evaluate([task])
    #expect(result.rows.map(\.metric) == [.exactMatch, .charF1])
    let row = result.rows[0]
    #expect(row.estimate.value == 0.75 && row.count == 20 && row.shots == 4 && row.shotsUsed == 4)
    #expect(abs((row.estimate.error ?? 0) - (0.75 * 0.25 / 19).squareRoot()) < 1e-12)
    #expect(row.chance == 0.1 && row.isRepresentative && !result.rows[1].isRepresentative)
    let sample = result.samples[2]
    #expect(sample.output == " 2\n\nx" && sample.prediction == "2" && sample.expected == "2")
    #expect(sample.verdict == .correct && result.samples[3].verdict == .wrong)
    #expect(sample.promptTokens == sample.prompt.utf8.count + 1)
    #expect(sample.outputTokens == 5)
    for row in result.rows {
      #expect(try MetricResult(JSON.parse(row.json.text()), at: "rows:1") == row)
    }
    for sample in result.samples {
      #expect(try SampleResult(JSON.parse(sample.json.text()), at: "samples:1") == sample)
    }
  }

  @Test(arguments: [1, 3, 7, 64])
  func theBatchChangesNothing(batch: Int) throws {
    let tasks = [
      Self.task("a", .multipleChoice), Self.task("b", .humanExamination, [.chrF, .bleu]),
    ]
    let model = try FakeModel(answer: Self.answer)
    let one = try Evaluator(model: model, identity: Self.identity).evaluate(tasks)
    let other = try Evaluator(model: model, identity: Self.identity, batch: batch).evaluate(tasks)
    #expect(one == other)
  }

  @Test func anInterruptedEvaluationGoesOn() throws {
    try withTemporaryFolder { folder in
      let tasks = [Self.task("a", .multipleChoice), Self.task("b", .humanExamination)]
      let answers = folder / "answers"
      let flag = CancellationFlag()
      let asked = Mutex(0)
      let model = try FakeModel { prompt in
        if asked.withLock({
          $0 += 1; return $0
        }) == 25 {
          flag.cancel()
        }
        return Self.answer(prompt)
      }
      let evaluator = Evaluator(model: model, identity: Self.identity, answers: answers, batch: 4)
      let stopped = #expect(throws: EvaluationInterrupted.self) {
        try evaluator.evaluate(tasks, cancellation: flag)
      }
      #expect(stopped?.total == 40)
      let done = try #require(stopped?.done)
      #expect(done >= 20 && done < 40)

      // A process that died while it wrote leaves half a line.
      let file = try #require(try Files.list(answers).first)
      var bytes = try Files.read(answers / file)
      bytes.removeLast(10)
      try Files.write(bytes, to: answers / file)

      let second = try FakeModel(answer: Self.answer)
      var known: [Int] = []
      let resumed = try Evaluator(
        model: second, identity: Self.identity, answers: answers, batch: 4
      ).evaluate(tasks) { event in
        if case .started(_, _, let count) = event { known.append(count) }
      }
      #expect(known.reduce(0, +) == done - 1)
      #expect(second.calls.joined().count == 40 - done + 1)
      let whole = try Evaluator(model: second, identity: Self.identity).evaluate(tasks)
      #expect(resumed == whole)

      // Everything is known now; another model's hash knows nothing.
      let third = try FakeModel(answer: Self.answer)
      _ = try Evaluator(model: third, identity: Self.identity, answers: answers).evaluate(tasks)
      #expect(third.calls.isEmpty)
      let stranger = ModelIdentity(hash: "def", name: "")
      _ = try Evaluator(model: third, identity: stranger, answers: answers).evaluate(tasks)
      #expect(third.calls.joined().count == 40)
    }
  }

  @Test func questionsBeyondTheContextCountAsWrong() throws {
    let model = try FakeModel(context: 400, answer: Self.answer)
    let long = String(repeating: "長", count: 200)
    let task = EvaluationTask(
      name: "long", category: nil, version: "", level: .L1, instruction: "i", outputLength: 4,
      metrics: [.exactMatch], representative: .exactMatch, shots: [],
      samples: [Example(input: long, output: "1"), Example(input: "x 1", output: "1")])
    let result = try Evaluator(model: model, identity: Self.identity).evaluate([task])
    #expect(result.samples.map(\.verdict) == [.unanswered, .correct])
    #expect(result.rows[0].unanswered == 1 && result.rows[0].estimate.value == 0.5)
  }

  @Test func aCorrelationJudgesNoSampleByItself() throws {
    let model = try FakeModel(answer: Self.answer)
    let task = Self.task("jsts", nil, [.pearson, .spearman])
    let result = try Evaluator(model: model, identity: Self.identity).evaluate([task])
    #expect(result.rows.count == 2 && result.samples.count == 20)
    #expect(result.samples.allSatisfy { $0.verdict == .unjudged && $0.score == nil })
  }

  @Test func theLevelOfATaskIsRespected() throws {
    let model = try FakeModel(answer: Self.answer)
    for level in ReleaseLevel.allCases {
      let evaluator = Evaluator(model: model, identity: Self.identity)
      let task = Self.task("t", nil, level: level)
      if level.allows(.test) {
        #expect(try evaluator.evaluate([task]).samples[0].level == level)
      } else {
        #expect(throws: Failure.self) { try evaluator.evaluate([task]) }
      }
    }
  }

  @Test func samplesAreRescored() throws {
    let model = try FakeModel(answer: Self.answer)
    let task = Self.task("digits", .mathematicalReasoning)
    let result = try Evaluator(model: model, identity: Self.identity).evaluate([task])
    let lines = result.samples.map { $0.json.text() + "\n" }.joined()
    let again = try Rescoring(Array(lines.utf8), file: "s.jsonl", metric: .exactMatch)
    #expect(again.estimate == result.rows[0].estimate && again.count == 20)
    let llmJp =
      "{\"pred\": \"１２ \\n\\nx\", \"gold\": \"12\"}\n\n{\"generated\": \"a\", \"gold\": \"b\"}"
    let foreign = try Rescoring(Array(llmJp.utf8), file: "s.jsonl", metric: .charF1)
    #expect(foreign.scores == [1, 0])
    for (text, problem) in [
      ("{\"output\": \"a\"}", "s.jsonl:1: expected is missing"),
      ("\n{\"output\": 1, \"expected\": \"\"}", "s.jsonl:2: output is 1"),
      ("", "no samples"),
      ("{", "s.jsonl:1: invalid JSON"),
    ] {
      let failure = #expect(throws: Failure.self) {
        try Rescoring(Array(text.utf8), file: "s.jsonl", metric: .exactMatch)
      }
      #expect(failure?.problem.contains(problem) == true, "\(failure?.problem ?? "")")
    }
    #expect(throws: Failure.self) { try Metric.named("comet_wmt22") }
    #expect(throws: Failure.self) { try Metric.named("exact") }
  }
}
