import Base
import Corpus
import Tokenizers

/// A tokenizer as the corpus uses it: special tokens written in documents stay text.
struct TokenizerEncoder: TextEncoder {
  let tokenizer: Tokenizer
  let bos: Int32
  let eos: Int32

  /// - Throws: ``Failure`` if the tokenizer has no tokens for begin and end.
  init(_ tokenizer: Tokenizer, name: String) throws {
    guard let begin = tokenizer.special.begin, let end = tokenizer.special.end else {
      throw Failure(
        "the tokenizer \(name) has no begin- or end-of-sequence token",
        remedy: "Train on a tokenizer that has both.")
    }
    self.tokenizer = tokenizer
    bos = begin
    eos = end
  }

  var hash: String { tokenizer.fingerprint }
  var vocabularySize: Int { tokenizer.count }

  func encode(_ text: String) -> [Int32] { tokenizer.encode(text, parseSpecial: false) }
}
