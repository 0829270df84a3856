import Base
import Tokenizers

/// How much text each id of a tokenizer stands for.
enum TokenBytes {
  /// The bytes of UTF-8 of each id, as SentencePiece's marks spell spaces; none for control ids and the unknown one.
  static func table(_ tokenizer: Tokenizer) -> [UInt16] {
    let vocabulary = tokenizer.vocabulary
    return (0..<vocabulary.count).map { id in
      switch vocabulary.kind(Int32(id)) {
      case .byte: 1
      case .control, .unknown, .unused: 0
      case .normal, .userDefined:
        // A mark (U+2581, three bytes) stands for a space.
        UInt16(clamping: vocabulary.piece(Int32(id)).replacingMarks.utf8.count)
      }
    }
  }
}

extension String {
  fileprivate var replacingMarks: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\u{2581}" ? " " : $0 }))
  }
}
