import Base
import Generation
import Tokenizers
import Workflows

extension Commands {
  static let generate = Command(
    "generate", "MODEL", "continues a prompt",
    options: [
      .value("--prompt", "TEXT", "the prompt; - reads it from standard input"),
      .flag("--chat", "wraps the prompt in the chat template"),
      .value("--stop", "TEXT", "ends the text there", .repeated),
    ] + samplingOptions, count: 1...1
  ) { invocation in
    let prompt = try prompt(invocation)
    var options = try generationOptions(invocation)
    options.stop = invocation.values("--stop")
    let workspace = try invocation.workspaceIfAny()
    let context = try invocation.context(workspace)
    let reference = try invocation.model(invocation.arguments[0], in: workspace)
    let model = try reference.load(context)
    let tokenizer = model.tokenizer
    let ids =
      invocation.has("--chat")
      ? try tokenizer.encodeChat([ChatMessage(role: "user", content: prompt)])
      : tokenizer.prefixIDs + tokenizer.encode(prompt)
    // A stop text may turn out only after its beginning was printed.
    let streams = !invocation.json && options.stop.isEmpty
    var decoder = tokenizer.makeStreamingDecoder()
    let result = try Interruption.raising(context.cancellation) {
      try model.generate(ids, options, cancellation: context.cancellation) { id in
        if streams { Output.untrusted(decoder.append(id)) }
      }
    }
    if invocation.json {
      Output.json([
        "text": JSON(result.text), "ids": .integers(result.ids),
        "tokens_per_second": JSON(result.tokensPerSecond),
        "stop_reason": JSON(result.stopReason.rawValue), "prompt_tokens": JSON(ids.count),
      ])
    } else {
      Output.untrusted((streams ? decoder.finish() : result.text) + "\n")
    }
    return result.stopReason == .cancelled ? .interrupted : .done
  }

  /// How tokens are drawn; shared with `chat`.
  static let samplingOptions: [Option] = [
    .value("--max-tokens", "N", "new tokens at most (128)"),
    .flag("--greedy", "takes the likeliest token each time"),
    .value("--temperature", "T", "divides the logits; 0 is greedy (0.7)"),
    .value("--top-k", "K", "only the K likeliest tokens"),
    .value("--top-p", "P", "only the likeliest tokens up to this share (0.95)"),
    .value("--min-p", "P", "only tokens with this share of the likeliest one's"),
    .value("--repetition-penalty", "X", "makes tokens that occurred less likely (1)"),
    .value("--seed", "N", "of the draws (0)"),
  ]

  static func generationOptions(_ invocation: Invocation) throws -> GenerationOptions {
    var sampling = Sampling()
    let isGreedy = invocation.has("--greedy")
    let drawing = ["--temperature", "--top-k", "--top-p", "--min-p"].filter(invocation.has)
    guard !isGreedy || drawing.isEmpty else {
      throw UsageError(
        "--greedy goes with no \(drawing[0])", remedy: "Leave the one or the other out.")
    }
    if !isGreedy {
      sampling.temperature = Float(try invocation.double("--temperature", in: 0...100) ?? 0.7)
      sampling.topK = try invocation.int("--top-k", in: 1...Int.max)
      sampling.topP = Float(try invocation.double("--top-p", in: 0...1) ?? 0.95)
      sampling.minP = try invocation.double("--min-p", in: 0...1).map { Float($0) }
    }
    sampling.repetitionPenalty = Float(
      try invocation.double("--repetition-penalty", in: 0.01...100) ?? 1)
    sampling.seed = UInt64(try invocation.int("--seed") ?? 0)
    return GenerationOptions(
      maxTokens: try invocation.int("--max-tokens", in: 1...1 << 30) ?? 128, sampling: sampling)
  }

  private static func prompt(_ invocation: Invocation) throws -> String {
    let prompt = try invocation.required("--prompt")
    return prompt == "-" ? try TextLines("-").lines.joined(separator: "\n") : prompt
  }
}
