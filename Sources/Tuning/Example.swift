public import Base
public import Tokenizers
public import Training

/// A tokenised conversation of which only the last answer counts.
public struct Example: Equatable, Sendable {
  /// Prompt, answer and end of sequence.
  public let ids: [Int32]
  /// How many of the first ids are the prompt.
  public let promptCount: Int

  /// Tokenises a conversation by the tokenizer's chat template.
  ///
  /// The boundary is where prompt and whole text first differ as ids, so that the answer is cut as it would be
  /// when the model itself goes on after the prompt.
  /// - Throws: ``Failure`` if the tokenizer has no chat template or no end of sequence.
  public init(_ conversation: Conversation, tokenizer: Tokenizer) throws {
    guard let template = tokenizer.chatTemplate, let end = tokenizer.special.end else {
      throw Failure(
        "the tokenizer has no chat template or no end-of-sequence token",
        remedy: "Tune a model whose tokenizer_config.json has both.")
    }
    let answer = conversation.messages.last?.content ?? ""
    let prompt = try template.render(
      Array(conversation.messages.dropLast()), tokenizer: tokenizer, addGenerationPrompt: true)
    let promptIDs = tokenizer.encode(prompt)
    let wholeIDs = tokenizer.encode(prompt + answer)
    promptCount = zip(promptIDs, wholeIDs).prefix { $0 == $1 }.count
    ids = wholeIDs + [end]
  }
}

/// Tokenised conversations packed into rows, epoch after epoch, as batches.
///
/// Within a row each example sees only itself. The rows of all epochs are laid out beforehand, so that a batch is
/// a function of its number.
public struct ExampleSource: BatchSource {
  private let examples: [Example]
  /// Per row, the examples in it.
  private let rows: [[Int]]
  private let batchSize: Int
  private let sequenceLength: Int
  private let padding: Int32

  /// Packs `epochs` rounds over `examples`, each in an order of its own.
  ///
  /// - Parameters:
  ///   - sequenceLength: places of a row; examples that are longer are cut.
  ///   - padding: the id of places that hold nothing.
  public init(
    _ examples: [Example], batchSize: Int, sequenceLength: Int, epochs: Int, seed: UInt64,
    padding: Int32
  ) {
    self.examples = examples
    self.batchSize = batchSize
    self.sequenceLength = sequenceLength
    self.padding = padding
    var rows: [[Int]] = []
    for epoch in 0..<epochs {
      var used = Int.max
      let random = CounterRandom(seed: seed, purpose: 0x5F7, step: UInt64(epoch))
      for index in random.permutation(examples.count) {
        let length = min(examples[index].ids.count - 1, sequenceLength)
        if used > sequenceLength - length {
          rows.append([])
          used = 0
        }
        rows[rows.count - 1].append(index)
        used += length
      }
    }
    self.rows = rows
  }

  /// Updates that all epochs give.
  public var steps: Int { (rows.count + batchSize - 1) / batchSize }

  public func batch(at step: Int) -> Batch {
    var ids: [Int32] = []
    var targets: [Int32] = []
    var starts: [Int32] = []
    var sources: [String] = []
    for row in step * batchSize..<(step + 1) * batchSize {
      for index in row < rows.count ? rows[row] : [] {
        let example = examples[index]
        let count = min(example.ids.count - 1, sequenceLength)
        starts += repeatElement(Int32(ids.count), count: count)
        ids += example.ids[..<count]
        targets += (1...count).map { $0 < example.promptCount ? Batch.ignored : example.ids[$0] }
        sources.append("pair \(index + 1)")
      }
      let rest = (row + 1 - step * batchSize) * sequenceLength - ids.count
      starts += repeatElement(Int32(ids.count), count: rest)
      ids += repeatElement(padding, count: rest)
      targets += repeatElement(Batch.ignored, count: rest)
    }
    return Batch(ids: ids, targets: targets, starts: starts, sources: sources)
  }
}
