import Base
import Lab

extension Commands {
  static let evaluationSamples = Command(
    "eval samples", "[EXPERIMENT]", "what models were asked and answered",
    options: [
      .value("--task", "T...", "tasks or categories", .list),
      .value("--model", "NAME", "of one model, as the table calls it"),
      .flag("--wrong", "only wrong answers"), .value("--limit", "N", "samples shown (20)"),
    ], count: 0...1
  ) { invocation in
    let experiments = Experiments(try invocation.workspace())
    let folders =
      invocation.arguments.isEmpty
      ? try experiments.folders() : [try experiments.folder(of: try invocation.experiment())]
    let tasks = invocation.values("--task")
    let model = invocation.value("--model")
    let limit = try invocation.int("--limit", in: 1...Int.max) ?? 20
    var found: [SampleRow] = []
    for folder in folders where found.count < limit {
      found += try Scores(folder.scores).samples { sample in
        (tasks.isEmpty || tasks.contains(sample.task) || tasks.contains(sample.category))
          && (model == nil || sample.model == model)
          && (!invocation.has("--wrong") || sample.verdict == false)
      }
    }
    found = Array(found.prefix(limit))
    if invocation.json {
      Output.json(.array(found.map(json)))
    } else if found.isEmpty {
      Output.line("no samples: 'kaji eval MODEL' makes some")
    } else {
      Output.untrusted(found.map(text).joined(separator: "\n"))
    }
    return .done
  }

  private static func text(_ sample: SampleRow) -> String {
    let verdict = sample.verdict.map { $0 ? "right" : "wrong" } ?? "unjudged"
    let score = sample.score.map { Format.fixed($0, 3) } ?? "-"
    return """
      \(sample.task) \(sample.index) (\(sample.category)), \(sample.model): \(verdict), \
      \(sample.metric) \(score)
      prompt:
      \(sample.prompt)
      output:   \(sample.output)
      expected: \(sample.expected)

      """
  }

  private static func json(_ sample: SampleRow) -> JSON {
    [
      "model": JSON(sample.model), "task": JSON(sample.task), "category": JSON(sample.category),
      "index": JSON(sample.index), "shots": JSON(sample.shots), "prompt": JSON(sample.prompt),
      "output": JSON(sample.output), "expected": JSON(sample.expected),
      "metric": JSON(sample.metric), "score": sample.score.map { JSON($0) } ?? .null,
      "verdict": sample.verdict.map { JSON($0 ? "right" : "wrong") } ?? .null,
      "details": sample.details,
    ]
  }
}
