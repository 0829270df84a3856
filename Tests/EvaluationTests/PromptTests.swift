import Base
import Testing

@testable import Evaluation

struct PromptTests {
  /// The template of llm-jp-eval 1.3, written out.
  @Test func promptIsLlmJpEvalsByteForByte() {
    let header =
      "以下は、タスクを説明する指示と、文脈のある入力の組み合わせです。要求を適切に満たす応答を書きなさい。\n\n### 指示:\n"
    #expect(
      Prompt.text(instruction: "足してください。", shots: [], input: "1と2")
        == header + "足してください。\n\n### 入力:\n1と2\n\n### 応答:\n")
    let shots = [Example(input: "1と1", output: "2"), Example(input: "2と2", output: "4")]
    #expect(
      Prompt.text(instruction: "足してください。", shots: shots, input: "1と2")
        == header + "足してください。\n\n### 入力:\n1と1\n\n### 応答:\n2"
        + "\n\n### 入力:\n2と2\n\n### 応答:\n4\n\n### 入力:\n1と2\n\n### 応答:\n")
  }

  private let task = EvaluationTask(
    name: "t", category: nil, version: "", level: .L1, instruction: "i", outputLength: 10,
    metrics: [.exactMatch], representative: .exactMatch,
    shots: (0..<3).map { Example(input: "shot\($0)", output: "\($0)") },
    samples: [Example(input: "q", output: "a")])

  private func prepare(shots: Int, context: Int, begins: Bool = true) throws -> PreparedPrompt {
    PreparedPrompt(
      "q", of: task, PromptOptions(shots: shots, beginsSequence: begins),
      tokenizer: try byteTokenizer(), contextLength: context)
  }

  @Test func shotsThatDoNotFitAreLeftOut() throws {
    let lengths = try (0...3).map { try prepare(shots: $0, context: 10_000).ids.count }
    #expect(lengths == lengths.sorted() && Set(lengths).count == 4)
    for shots in 1...3 {
      #expect(try prepare(shots: 4, context: lengths[shots] + 10).shots == shots)
      #expect(try prepare(shots: 4, context: lengths[shots] + 9).shots == shots - 1)
    }
    let tight = try prepare(shots: 4, context: lengths[0] + 1)
    #expect(tight.shots == 0 && tight.fits)
    #expect(try !prepare(shots: 4, context: lengths[0]).fits)
  }

  @Test func theBeginningOfSequenceIsTheTokenizersOwn() throws {
    let with = try prepare(shots: 0, context: 1000).ids
    let without = try prepare(shots: 0, context: 1000, begins: false).ids
    #expect(with == [1] + without)
  }

  @Test func specialTokensInATaskAreText() throws {
    let prompt = PreparedPrompt(
      "</s>", of: task, PromptOptions(shots: 0), tokenizer: try byteTokenizer(),
      contextLength: 1000)
    #expect(!prompt.ids.contains(2))
  }
}
