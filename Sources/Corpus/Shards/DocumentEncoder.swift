public import Base
public import Tokenizers

/// A tokenizer as documents of a corpus pass through it.
public struct DocumentEncoder: TextEncoder {
  public let tokenizer: Tokenizer
  public let bos: Int32
  public let eos: Int32
  /// The tokenizer's fingerprint, taken once: it reads the whole vocabulary.
  public let hash: String

  /// - Throws: ``Failure`` if the tokenizer has no ids for the beginning and end of a document.
  public init(_ tokenizer: Tokenizer) throws(Failure) {
    guard let bos = tokenizer.special.begin, let eos = tokenizer.special.end else {
      throw Failure(
        "the tokenizer has no tokens for the beginning and end of a text",
        remedy: "Choose a tokenizer with <s> and </s>.")
    }
    self.tokenizer = tokenizer
    self.bos = bos
    self.eos = eos
    hash = tokenizer.fingerprint
  }

  public func encode(_ text: String) -> [Int32] {
    tokenizer.encode(text, addSpecial: false, parseSpecial: false)
  }

  public var vocabularySize: Int { tokenizer.count }
}
