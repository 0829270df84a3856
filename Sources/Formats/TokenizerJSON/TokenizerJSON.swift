/// The content of a Hugging Face `tokenizer.json`.
///
/// A text runs through it in this order: added tokens are cut out, the normaliser changes the rest,
/// the pre-tokenizer cuts it, the model makes ids, the post-processor adds special ids. Only what is
/// named here is understood; everything else is refused by name, because a step left out would give
/// other ids without a word.
public struct TokenizerJSON: Equatable, Sendable {
  public var addedTokens: [AddedToken] = []
  public var normalizer: Normalizer?
  public var preTokenizer: PreTokenizer?
  public var postProcessor: PostProcessor?
  public var decoder: Decoder?
  public var model: Unigram

  public init(model: Unigram) { self.model = model }

  /// A token that is found in text before anything else happens to it.
  public struct AddedToken: Equatable, Sendable {
    public var id: Int
    public var content: String
    /// Whether it must not touch letters or digits.
    public var isSingleWord = false
    /// Whether it takes the white space before, or after it with it.
    public var stripsLeft = false, stripsRight = false
    /// Whether it is looked for in normalised text.
    public var isNormalized = false
    public var isSpecial = true

    public init(id: Int, content: String) {
      self.id = id
      self.content = content
    }
  }

  /// What a replacement looks for.
  public enum Pattern: Equatable, Sendable {
    case text(String)
    /// A regular expression of Oniguruma in Ruby's syntax.
    case expression(String)
  }

  public indirect enum Normalizer: Equatable, Sendable {
    case sequence([Normalizer])
    /// Puts a text in front, unless there is none to put it before.
    case prepend(String)
    case replace(Pattern, with: String)
  }

  /// When Metaspace puts a mark in front.
  public enum PrependScheme: String, Equatable, Sendable { case always, first, never }

  public indirect enum PreTokenizer: Equatable, Sendable {
    case sequence([PreTokenizer])
    /// Writes spaces as a mark, and cuts before each if `splits`.
    case metaspace(replacement: String, scheme: PrependScheme, splits: Bool)
  }

  /// One part of a sequence with special tokens.
  public enum TemplatePart: Equatable, Sendable {
    /// The text's ids ("A", or "B" for the second of a pair).
    case sequence(String, typeID: Int)
    case special(String, typeID: Int)
  }

  public enum PostProcessor: Equatable, Sendable {
    case template(
      single: [TemplatePart], pair: [TemplatePart], specialIDs: [(name: String, ids: [Int])])

    public static func == (a: PostProcessor, b: PostProcessor) -> Bool {
      switch (a, b) {
      case (.template(let single, let pair, let ids), .template(let single2, let pair2, let ids2)):
        single == single2 && pair == pair2
          && ids.elementsEqual(ids2) { $0.name == $1.name && $0.ids == $1.ids }
      }
    }
  }

  public indirect enum Decoder: Equatable, Sendable {
    case sequence([Decoder])
    /// Turns runs of `<0x41>` into text; a run that is not valid UTF-8 into one U+FFFD a byte.
    case byteFallback
    case replace(Pattern, with: String)
    /// Joins all pieces to one.
    case fuse
    /// Takes up to `start` and `stop` of a character from both ends of each piece.
    case strip(content: String, start: Int, stop: Int)
    case metaspace(replacement: String, scheme: PrependScheme)
  }

  /// A Unigram vocabulary: the pieces in the order of their ids, with log probabilities.
  public struct Unigram: Equatable, Sendable {
    public var pieces: [(text: String, score: Double)]
    public var unknownID: Int?
    public var byteFallback: Bool

    public init(
      pieces: [(text: String, score: Double)], unknownID: Int?, byteFallback: Bool
    ) {
      self.pieces = pieces
      self.unknownID = unknownID
      self.byteFallback = byteFallback
    }

    public static func == (a: Unigram, b: Unigram) -> Bool {
      a.unknownID == b.unknownID && a.byteFallback == b.byteFallback
        && a.pieces.elementsEqual(b.pieces) {
          $0.text.utf8.elementsEqual($1.text.utf8) && $0.score == $1.score
        }
    }
  }
}
