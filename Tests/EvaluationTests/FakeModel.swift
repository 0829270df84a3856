import Base
import Formats
import Generation
import Synchronization
import Tokenizers

/// A model that answers by a rule instead of by weights, and remembers what it was asked.
final class FakeModel: LanguageModel {
  let tokenizer: Tokenizer
  let contextLength: Int
  private let answer: @Sendable (String) -> String
  private let batches = Mutex<[[String]]>([])

  init(context: Int = 4096, answer: @escaping @Sendable (String) -> String) throws {
    tokenizer = try byteTokenizer()
    contextLength = context
    self.answer = answer
  }

  /// The prompts of each call of `generate`, decoded.
  var calls: [[String]] { batches.withLock { $0 } }

  func score(_ sequences: [[Int32]]) throws -> [[Float]] {
    sequences.map { [Float](repeating: -1, count: max(0, $0.count - 1)) }
  }

  func generate(
    _ prompts: [[Int32]], _ options: GenerationOptions, cancellation: CancellationFlag?,
    onToken: (_ prompt: Int, _ id: Int32) -> Void
  ) throws -> [Generated] {
    let texts = prompts.map { tokenizer.decode($0) }
    batches.withLock { $0.append(texts) }
    return try zip(prompts, texts).enumerated().map { index, pair in
      let (prompt, text) = pair
      let room = min(options.maxTokens, contextLength - prompt.count)
      guard room > 0 else { throw ContextExceeded(length: prompt.count, context: contextLength) }
      let ids = Array(tokenizer.encode(answer(text)).prefix(room))
      for id in ids { onToken(index, id) }
      return Generated(
        ids: ids, text: tokenizer.decode(ids),
        stopReason: cancellation?.isCancelled == true ? .cancelled : .eos, seconds: 0.1)
    }
  }
}

/// A tokenizer with an id a byte, so that tests can count tokens.
func byteTokenizer() throws -> Tokenizer {
  var file = SentencePieceModel()
  file.pieces = [
    .init("<unk>", kind: .unknown), .init("<s>", kind: .control), .init("</s>", kind: .control),
  ]
  for byte in 0...255 { file.pieces.append(.init(Vocabulary.bytePiece(UInt8(byte)), kind: .byte)) }
  file.pieces.append(.init("\u{2581}", score: -1))
  file.trainer.byteFallback = true
  file.normalizer.addsDummyPrefix = false
  file.normalizer.removesExtraWhitespace = false
  return try Tokenizer(file)
}
