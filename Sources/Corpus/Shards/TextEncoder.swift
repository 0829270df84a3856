/// What tokenises the documents of a corpus.
public protocol TextEncoder: Sendable {
  /// The ids of a text, without special tokens; special tokens written in the text stay text.
  func encode(_ text: String) -> [Int32]
  /// The SHA-256 of the tokenizer as 64 hexadecimal digits.
  var hash: String { get }
  /// The number of ids.
  var vocabularySize: Int { get }
  /// The id put before each document.
  var bos: Int32 { get }
  /// The id put after each document.
  var eos: Int32 { get }
}
