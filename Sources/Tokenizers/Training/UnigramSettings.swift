public import Base

/// How a Unigram tokenizer is trained.
///
/// The names are SentencePiece's, the defaults LLM-jp's: no normalisation, spaces neither dropped
/// nor squeezed, every digit a piece of its own, byte fallback, and `\n` a piece.
public struct UnigramSettings: Equatable, Sendable {
  /// Ids in all: special pieces, byte pieces and learnt ones.
  public var vocabularySize = 4000
  /// The share of the text's characters that become pieces; the rarest others are spelt in bytes.
  public var characterCoverage = 0.9995
  /// Characters that become pieces however rare.
  public var requiredCharacters = ""
  /// The most pieces that training starts from.
  public var seedSize = 1_000_000
  /// What is left of the pieces after each pruning.
  public var shrinkingFactor = 0.75
  /// Rounds of estimation between two prunings.
  public var subIterations = 2
  /// Characters in the longest piece.
  public var maximumPieceLength = 16
  /// Whether a piece keeps to one script; Han, Hiragana and Katakana are one.
  public var splitByScript = true
  /// Whether a space begins a new piece.
  public var splitByWhitespace = true
  /// Whether a digit counts as of a script of its own.
  public var splitByNumber = true
  /// Whether each digit is a piece by itself.
  public var splitDigits = true
  /// Whether several spaces may be one piece.
  public var allowWhitespaceOnlyPieces = true
  /// Whether characters without a piece are spelt with 256 byte pieces.
  public var byteFallback = true
  /// Whether a text begins with a mark, so that its first word looks like any other.
  public var addDummyPrefix = true
  /// Whether spaces at the ends and runs of them are dropped.
  public var removeExtraWhitespaces = false
  /// Texts that always are one piece.
  public var userDefinedSymbols = ["\n"]
  /// Pieces with an id that text never matches.
  public var controlSymbols: [String] = []
  /// The first pieces: unknown, begin, end, and padding if it is wanted.
  public var unknownPiece = "<unk>", beginPiece = "<s>", endPiece = "</s>"
  /// The name of the padding piece, id 3; `nil` for none.
  public var padPiece: String? = "<pad>"
  /// Longer stretches without a break are cut before training, at a sentence's end if there is one;
  /// in bytes.
  public var maximumSentenceBytes = 4192

  public init() {}

  /// Checks that the settings can be met by some text.
  ///
  /// - Throws: `Failure` naming the setting and its range.
  public func validate() throws(Failure) {
    func check<T: Comparable>(_ name: String, _ value: T, _ range: ClosedRange<T>) throws(Failure) {
      guard range.contains(value) else {
        throw Failure(
          "\(name) is \(value)", remedy: "choose \(range.lowerBound) to \(range.upperBound)")
      }
    }
    try check("vocabulary_size", vocabularySize, 4...4_000_000)
    try check("character_coverage", characterCoverage, 0.9...1)
    try check("seed_sentencepiece_size", seedSize, 1000...10_000_000)
    try check("shrinking_factor", shrinkingFactor, 0.5...0.95)
    try check("num_sub_iterations", subIterations, 1...10)
    try check("max_sentencepiece_length", maximumPieceLength, 1...512)
    try check("max_sentence_length", maximumSentenceBytes, 64...1 << 20)
    var seen = Set<[UInt8]>()
    for piece in specialPieces.map(\.text) {
      guard !piece.isEmpty, seen.insert(Array(piece.utf8)).inserted else {
        throw Failure(
          "the special piece \"\(piece)\" is empty or named twice",
          remedy: "give each special piece a name of its own")
      }
    }
    guard specialPieces.count < vocabularySize else {
      throw Failure(
        "vocabulary_size \(vocabularySize) leaves no room beside \(specialPieces.count) special pieces",
        remedy: "choose a larger vocabulary_size")
    }
  }
}
