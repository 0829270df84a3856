public import Base
public import Tokenizers

/// What came of a training, for whoever asked for it.
public struct TokenizerReport: Sendable {
  /// The training alone, without reading files.
  public let seconds: Double
  /// The most memory the process had resident when the training ended; 0 where the system does not tell.
  public let peakBytes: Int
  /// Of the texts that it was trained on, without special tokens.
  public let tokens: Int
  /// Unicode scalars of the texts.
  public let characters: Int

  /// Encodes the texts, on the threads of `pool`, to count their tokens.
  public init(_ tokenizer: Tokenizer, _ texts: [String], seconds: Double, pool: ThreadPool) {
    self.seconds = seconds
    peakBytes = peakResidentBytes()
    characters = texts.reduce(0) { $0 + $1.unicodeScalars.count }
    var tokens = 0
    // In parts, so that no more than a part's ids are held.
    for start in stride(from: 0, to: texts.count, by: 4096) {
      let part = Array(texts[start..<min(texts.count, start + 4096)])
      tokens += tokenizer.encode(batch: part, pool: pool).reduce(0) { $0 + $1.count }
    }
    self.tokens = tokens
  }

  public var charactersPerToken: Double { tokens == 0 ? 0 : Double(characters) / Double(tokens) }
}
