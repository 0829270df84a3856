import Base
import Evaluation

extension Commands {
  static let evaluationRescore = Command(
    "eval rescore", "FILE.jsonl", "applies a metric to answers that are on file",
    options: [
      .value("--metric", "NAME", "as exact_match, char_f1, set_f1, bleu_en, chrf, pearson"),
      .value("--task", "T", "only this task's samples"),
    ], count: 1...1
  ) { invocation in
    let metric = try Metric.named(try invocation.required("--metric"))
    let file = invocation.arguments[0]
    var input = StandardInput()
    let bytes = file == "-" ? try input.rest() : try Files.read(Path(file))
    let result = try Rescoring(
      bytes, file: file == "-" ? "standard input" : file, metric: metric,
      task: invocation.value("--task"))
    if invocation.json {
      Output.json(result.json)
    } else {
      let error = result.estimate.error.map { " ± \(Format.fixed($0, 4))" } ?? ""
      Output.line(
        "\(metric.rawValue) \(Format.fixed(result.estimate.value, 4))\(error) over "
          + "\(Format.count(result.count)) samples")
    }
    return .done
  }
}
