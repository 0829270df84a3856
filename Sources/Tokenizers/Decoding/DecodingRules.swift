/// How pieces become text again.
struct DecodingRules: Sendable {
  /// What a run of byte pieces means when it is not valid UTF-8 as a whole.
  enum ByteRuns: Sendable {
    /// Valid characters stay, each stray byte becomes U+FFFD (SentencePiece).
    case byCharacter
    /// Each byte of the run becomes U+FFFD (the tokenizers library).
    case asWhole
  }

  /// What is taken away at the beginning of the text.
  enum Leading: Sendable {
    case nothing
    /// One space of the finished text.
    case space
    /// One mark of the first piece that shows.
    case mark
    /// Marks of the pieces before the first other character: one of each piece.
    case marks
  }

  var byteRuns: ByteRuns
  var leading: Leading
  /// Whether marks (U+2581) become spaces.
  var marksAreSpaces = true
  /// Whether they do in what byte pieces spell, too.
  var marksInByteRuns = false
  /// Shown for the unknown piece instead of its name.
  var unknownSurface: String?
  /// Put to the finished text; SentencePiece calls it the denormaliser.
  var map: Normalization?
}
