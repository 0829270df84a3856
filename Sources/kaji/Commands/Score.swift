import Base
import Generation
import Tokenizers
import Workflows

extension Commands {
  static let score = Command(
    "score", "MODEL [FILE]", "the log-likelihood of each line, in nats", count: 1...2
  ) { invocation in
    let workspace = try invocation.workspaceIfAny()
    let context = try invocation.context(workspace)
    let model = try invocation.model(invocation.arguments[0], in: workspace).load(context)
    let input = try TextLines(invocation.arguments.count > 1 ? invocation.arguments[1] : nil)
    let lines = model.tokenizer.encode(batch: input.lines, addSpecial: true, pool: context.pool)
    for (index, ids) in lines.enumerated() where ids.count > model.contextLength {
      throw Failure(
        "\(input.place(index)): \(ids.count) tokens exceed the model's context of "
          + "\(model.contextLength)", remedy: "Shorten the line, or use a model with a longer one.")
    }
    let scores = try Interruption.raising(context.cancellation) {
      try Scoring.score(lines, with: model, context)
    }
    if invocation.json {
      Output.json([
        "lines": .array(
          zip(lines, scores).map { ids, values in
            [
              "ids": .integers(ids),
              "log_likelihood": JSON(values.reduce(0) { $0 + Double($1) }),
              "token_log_likelihoods": .numbers(values.map { Double($0) }),
            ]
          })
      ])
    } else {
      var text = ""
      for values in scores {
        text += Format.fixed(values.reduce(0) { $0 + Double($1) }, 4) + "\n"
      }
      Output.write(text, to: 1)
    }
    return .done
  }
}
