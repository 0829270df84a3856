public import Base
public import Formats

extension Tokenizer {
  /// The tokenizer of a SentencePiece `.model`, with SentencePiece's ids and texts.
  ///
  /// `addSpecial` puts the begin piece in front, if there is one, and nothing behind: LLM-jp's rule.
  ///
  /// - Throws: `Failure` if the model is not of the Unigram kind, or its normaliser is broken.
  public init(_ file: SentencePieceModel) throws(Failure) {
    guard file.trainer.algorithm == .unigram else {
      throw Failure(
        "the SentencePiece model is of the kind \(file.trainer.algorithm)",
        remedy: "give a Unigram model; the other kinds are not supported yet")
    }
    guard let unknown = file.pieces.firstIndex(where: { $0.kind == .unknown }) else {
      throw Failure("the SentencePiece model has no unknown piece", remedy: "give a whole model")
    }
    let vocabulary = Vocabulary(file.pieces.map { ($0.text, Vocabulary.Kind($0.kind)) })
    func control(_ text: String, _ id: Int) -> Int32? {
      guard id >= 0 else { return nil }
      if let found = vocabulary.id(of: text), vocabulary.kind(found) == .control { return found }
      return id < file.pieces.count && file.pieces[id].kind == .control ? Int32(id) : nil
    }
    let special = SpecialIDs(
      unknown: Int32(unknown), begin: control(file.trainer.beginPiece, file.trainer.beginID),
      end: control(file.trainer.endPiece, file.trainer.endID),
      pad: control(file.trainer.padPiece, file.trainer.padID))
    self.vocabulary = vocabulary
    self.special = special
    prefixIDs = special.begin.map { [$0] } ?? []
    suffixIDs = []
    parsesSpecial = false
    chatTemplate = nil

    let normal = file.pieces.lazy.filter { $0.kind == .normal }.map(\.score)
    let lowest = normal.min() ?? 0, highest = normal.max() ?? 0
    model = UnigramModel(
      file.pieces.indices.compactMap { id in
        let piece = file.pieces[id]
        switch piece.kind {
        case .normal: return (piece.text, Int32(id), Double(piece.score))
        case .userDefined:
          // Such a piece shall always win: it scores as if each of its bytes were the best piece.
          let score = Double(Float(piece.text.utf8.count) * highest) - 0.1
          return (piece.text, Int32(id), score)
        case .unused, .unknown, .control, .byte: return nil
        }
      }, lowestScore: Double(lowest), arithmetic: .sentencePiece)
    let map =
      file.normalizer.charsmap.isEmpty ? nil : try CharacterMap(file.normalizer.charsmap)
    normalization = Normalization(
      .sentencePiece(
        .init(
          map: map, addsDummyPrefix: file.normalizer.addsDummyPrefix,
          removesExtraWhitespace: file.normalizer.removesExtraWhitespace,
          escapesWhitespace: file.normalizer.escapesWhitespace,
          treatsWhitespaceAsSuffix: file.trainer.treatsWhitespaceAsSuffix,
          protected: TextMatcher(
            file.pieces.indices.lazy.filter { file.pieces[$0].kind == .userDefined }
              .map { (file.pieces[$0].text, Int32($0)) }))))
    splitting = .none
    let controls = file.pieces.indices.filter {
      file.pieces[$0].kind == .control || file.pieces[$0].kind == .unknown
    }
    specialSet = Set(controls.map { Int32($0) })
    written = TextMatcher(controls.map { (file.pieces[$0].text, Int32($0)) })
    byteIDs = file.trainer.byteFallback ? vocabulary.byteIDs() : nil
    var denormalization: Normalization?
    if let spec = file.denormalizer, !spec.charsmap.isEmpty {
      denormalization = Normalization(
        .sentencePiece(
          .init(
            map: try CharacterMap(spec.charsmap), addsDummyPrefix: false,
            removesExtraWhitespace: false, escapesWhitespace: false,
            treatsWhitespaceAsSuffix: false, protected: TextMatcher([]))))
    }
    let leading: DecodingRules.Leading =
      file.normalizer.removesExtraWhitespace
      ? .marks : file.normalizer.addsDummyPrefix ? .mark : .nothing
    decoding = DecodingRules(
      byteRuns: .byCharacter, leading: leading, unknownSurface: file.trainer.unknownSurface,
      map: denormalization)
  }
}

extension Vocabulary.Kind {
  /// The same kind under our name.
  init(_ kind: SentencePieceModel.Kind) {
    self =
      switch kind {
      case .normal: .normal
      case .unknown: .unknown
      case .control: .control
      case .userDefined: .userDefined
      case .unused: .unused
      case .byte: .byte
      }
  }
}
