import Base
import Formats

/// How pieces become text again.
struct DecodingRules: Sendable {
  /// What a run of byte pieces means when it is not valid UTF-8 as a whole.
  enum ByteRuns: Sendable {
    /// Valid characters stay, each stray byte becomes U+FFFD (SentencePiece).
    case byCharacter
    /// Each byte of the run becomes U+FFFD (the tokenizers library).
    case asWhole
    /// Nothing: byte pieces show as they are written.
    case asPieces
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

extension DecodingRules {
  /// The rules that a `tokenizer.json`'s decoder comes to.
  ///
  /// - Throws: `Failure` for decoders that these rules do not reproduce.
  init(_ decoder: TokenizerJSON.Decoder?) throws(Failure) {
    self.init(byteRuns: .asWhole, leading: .nothing, marksAreSpaces: false)
    var isFused = false, sawBytes = false
    var rest = decoder.map(Self.steps) ?? []
    while let step = rest.first {
      rest.removeFirst()
      switch step {
      case .sequence: break
      case .byteFallback: sawBytes = true
      case .fuse: isFused = true
      case .replace(let pattern, let new):
        switch Self.plain(pattern) {
        case AnchoredPattern(isAnchored: false, text: "\u{2581}")? where new == " ":
          marksAreSpaces = true
          marksInByteRuns = sawBytes
        case AnchoredPattern(isAnchored: true, text: " ")? where new.isEmpty && isFused:
          leading = .space
        default: throw Tokenizer.unsupported("a decoder that replaces \(pattern)")
        }
      case .strip(" ", 0, 0): break
      case .strip(" ", 1, 0) where isFused: leading = .space
      case .strip(let content, let start, let stop):
        throw Tokenizer.unsupported("a decoder that strips \"\(content)\" \(start), \(stop)")
      case .metaspace("\u{2581}", let scheme):
        marksAreSpaces = true
        marksInByteRuns = sawBytes
        leading = scheme == .never ? .nothing : .mark
      case .metaspace(let other, _):
        throw Tokenizer.unsupported("Metaspace with the mark \"\(other)\"")
      }
    }
    if !sawBytes { byteRuns = .asPieces }
  }

  private static func steps(_ decoder: TokenizerJSON.Decoder) -> [TokenizerJSON.Decoder] {
    if case .sequence(let steps) = decoder { steps.flatMap(Self.steps) } else { [decoder] }
  }

  private static func plain(_ pattern: TokenizerJSON.Pattern) -> AnchoredPattern? {
    switch pattern {
    case .text(let text): AnchoredPattern(isAnchored: false, text: text)
    case .expression(let expression): AnchoredPattern(expression)
    }
  }
}
