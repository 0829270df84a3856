public import Base
public import Formats

extension Tokenizer {
  /// The roles that a Hugging Face folder gives to tokens, by name (`tokenizer_config.json`).
  public struct Roles: Equatable, Sendable {
    public var begin: String?
    public var end: String?
    public var pad: String?
    public var unknown: String?

    public init(
      begin: String? = nil, end: String? = nil, pad: String? = nil, unknown: String? = nil
    ) {
      self.begin = begin
      self.end = end
      self.pad = pad
      self.unknown = unknown
    }
  }

  /// The tokenizer of a `tokenizer.json`, with the ids and texts of the tokenizers library.
  ///
  /// - Parameter roles: which tokens begin, end and pad; the file itself does not say.
  /// - Throws: `Failure` naming what is not supported: steps whose effect is not reproduced exactly.
  public init(_ file: TokenizerJSON, roles: Roles = Roles()) throws(Failure) {
    var pieces: [(text: String, kind: Vocabulary.Kind)] = file.model.pieces.map {
      ($0.text, .normal)
    }
    for token in file.addedTokens.sorted(by: { $0.id < $1.id }) {
      guard !token.isSingleWord, !token.stripsLeft, !token.stripsRight else {
        throw Self.unsupported("an added token \"\(token.content)\" that minds its neighbours")
      }
      guard !token.isNormalized else {
        throw Self.unsupported("an added token \"\(token.content)\" in normalised text")
      }
      let kind: Vocabulary.Kind = token.isSpecial ? .control : .userDefined
      if token.id < pieces.count {
        pieces[token.id] = (token.content, kind)
      } else if token.id == pieces.count {
        pieces.append((token.content, kind))
      } else {
        throw Self.unsupported("an added token \"\(token.content)\" beyond a gap in the ids")
      }
    }
    let unknown = file.model.unknownID.map { Int32($0) }
    if let unknown { pieces[Int(unknown)].kind = .unknown }
    for id in pieces.indices where pieces[id].kind == .normal {
      if Vocabulary.byte(ofPiece: Array(pieces[id].text.utf8)[...]) != nil {
        pieces[id].kind = .byte
      }
    }
    let vocabulary = Vocabulary(pieces)
    self.vocabulary = vocabulary
    self.special = SpecialIDs(
      unknown: unknown ?? roles.unknown.flatMap(vocabulary.id(of:)),
      begin: roles.begin.flatMap(vocabulary.id(of:)), end: roles.end.flatMap(vocabulary.id(of:)),
      pad: roles.pad.flatMap(vocabulary.id(of:)))
    written = TextMatcher(file.addedTokens.map { ($0.content, Int32($0.id)) })
    specialSet = Set(file.addedTokens.lazy.filter(\.isSpecial).map { Int32($0.id) })
    parsesSpecial = true
    chatTemplate = nil
    (prefixIDs, suffixIDs) = try Self.surroundings(file.postProcessor, count: vocabulary.count)

    // Every piece of the vocabulary can match, byte pieces included; of equal ones the last has the
    // word. Only special tokens cannot: they were cut out before, or shall not be read at all.
    let special = specialSet
    model = UnigramModel(
      file.model.pieces.indices.reversed().filter {
        !file.model.pieces[$0].text.isEmpty && !special.contains(Int32($0))
      }.map { (file.model.pieces[$0].text, Int32($0), file.model.pieces[$0].score) },
      lowestScore: file.model.pieces.lazy.map(\.score).min() ?? 0, arithmetic: .tokenizers)
    byteIDs = file.model.byteFallback ? vocabulary.byteIDs() : nil
    guard byteIDs != nil || unknown != nil else {
      throw Self.unsupported("a model without unknown piece or byte pieces")
    }
    (normalization, splitting) = try Self.preparation(file.normalizer, file.preTokenizer)
    decoding = try DecodingRules(file.decoder)
  }

  static func unsupported(_ what: String) -> Failure {
    Failure(
      "the tokenizer.json asks for \(what), which is not supported",
      remedy: "give the tokenizer's .model file, if it has one")
  }

  /// The ids before and after those of one text.
  private static func surroundings(
    _ processor: TokenizerJSON.PostProcessor?, count: Int
  ) throws(Failure) -> ([Int32], [Int32]) {
    guard case .template(let single, _, let specialIDs) = processor else { return ([], []) }
    var before: [Int32] = [], after: [Int32] = [], isAfter = false
    for part in single {
      switch part {
      case .sequence: isAfter = true
      case .special(let name, _):
        guard let ids = specialIDs.first(where: { $0.name.utf8.elementsEqual(name.utf8) })?.ids,
          ids.allSatisfy({ $0 < count })
        else { throw unsupported("a special token \"\(name)\" without ids in its template") }
        if isAfter { after += ids.map { Int32($0) } } else { before += ids.map { Int32($0) } }
      }
    }
    return (before, after)
  }

  /// What happens to text before the model, as our own rules.
  private static func preparation(
    _ normalizer: TokenizerJSON.Normalizer?, _ preTokenizer: TokenizerJSON.PreTokenizer?
  ) throws(Failure) -> (Normalization, Splitting) {
    var steps: [Normalization.Step] = []
    try append(normalizer, to: &steps)
    switch preTokenizer {
    case nil: return (Normalization(.steps(steps)), .none)
    case .metaspace("\u{2581}", let scheme, let splits)?:
      steps.append(.replace([0x20], with: Normalization.mark))
      switch scheme {
      case .always: steps.append(.prependMark(onlyAtStart: false))
      case .first: steps.append(.prependMark(onlyAtStart: true))
      case .never: break
      }
      return (Normalization(.steps(steps)), splits ? .beforeMarks : .none)
    case .metaspace(let other, _, _)?: throw unsupported("Metaspace with the mark \"\(other)\"")
    case .sequence?: throw unsupported("a sequence of pre-tokenizers")
    }
  }

  private static func append(
    _ normalizer: TokenizerJSON.Normalizer?, to steps: inout [Normalization.Step]
  ) throws(Failure) {
    switch normalizer {
    case nil: break
    case .sequence(let list)?: for step in list { try append(step, to: &steps) }
    case .prepend(let text)?: steps.append(.prepend(Array(text.utf8)))
    case .replace(.text(let old), let new)?:
      guard !old.isEmpty else { throw unsupported("a replacement of nothing") }
      steps.append(.replace(Array(old.utf8), with: Array(new.utf8)))
    case .replace(.expression(let expression), let new)?:
      // The few expressions that tokenizers of the SentencePiece family are written with.
      switch AnchoredPattern(expression) {
      case AnchoredPattern(isAnchored: true, text: ""):
        steps.append(.prependAlways(Array(new.utf8)))
      case let pattern? where !pattern.isAnchored && !pattern.text.isEmpty:
        steps.append(.replace(Array(pattern.text.utf8), with: Array(new.utf8)))
      default: throw unsupported("the regular expression \"\(expression)\"")
      }
    }
  }
}
