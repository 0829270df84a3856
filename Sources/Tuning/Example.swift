import Base
public import Models
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
  /// Prompt and answer are tokenised apart, as they are when the model itself goes on after the prompt.
  /// - Throws: ``Failure`` if the tokenizer has no chat template or no end of sequence.
  public init(_ conversation: Conversation, tokenizer: Tokenizer) throws {
    guard let end = tokenizer.special.end else {
      throw Failure(
        "the tokenizer has no end-of-sequence token",
        remedy: "Tune a model whose tokenizer_config.json names one.")
    }
    let prompt = try tokenizer.encodeChat(conversation.prompt, addGenerationPrompt: true)
    promptCount = prompt.count
    ids = prompt + tokenizer.encode(conversation.answer, parseSpecial: false) + [end]
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

  /// Packs `epochs` rounds over `examples`, each in an order of its own.
  ///
  /// - Parameter sequenceLength: places of a row; examples that are longer are cut.
  public init(
    _ examples: [Example], batchSize: Int, sequenceLength: Int, epochs: Int, seed: UInt64
  ) {
    self.examples = examples
    self.batchSize = batchSize
    self.sequenceLength = sequenceLength
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
    var batch = Batch()
    for row in rows(at: step) {
      for index in row {
        let example = examples[index]
        let count = min(example.ids.count - 1, sequenceLength)
        batch.append(
          ids: example.ids[..<count],
          targets: (1...count).map { $0 < example.promptCount ? Batch.ignored : example.ids[$0] })
      }
    }
    return batch
  }

  public func sources(at step: Int) -> [String] {
    rows(at: step).joined().map { "pair \($0 + 1)" }
  }

  private func rows(at step: Int) -> ArraySlice<[Int]> {
    rows[min(step * batchSize, rows.count)..<min((step + 1) * batchSize, rows.count)]
  }
}
