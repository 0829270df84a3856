import Formats

extension UnigramSettings {
  /// The pieces that are not learnt, in the order of their ids.
  var specialPieces: [(text: String, kind: SentencePieceModel.Kind)] {
    var pieces: [(text: String, kind: SentencePieceModel.Kind)] = [
      (unknownPiece, .unknown), (beginPiece, .control), (endPiece, .control),
    ]
    if let padPiece { pieces.append((padPiece, .control)) }
    pieces += controlSymbols.map { ($0, .control) }
    pieces += userDefinedSymbols.map { ($0, .userDefined) }
    if byteFallback {
      pieces += (0...255).map { (Vocabulary.bytePiece(UInt8($0)), .byte) }
    }
    return pieces
  }
}

extension UnigramTrainer {
  /// The model of the special pieces and those learnt, with the settings it came from.
  static func model(
    _ learnt: [(text: String, score: Float)], _ settings: UnigramSettings
  ) -> SentencePieceModel {
    var model = SentencePieceModel()
    // A learnt piece that happens to be spelt like a special one gives way to it.
    let special = Set(settings.specialPieces.map { Array($0.text.utf8) })
    model.pieces =
      settings.specialPieces.map { SentencePieceModel.Piece($0.text, kind: $0.kind) }
      + learnt.filter { !special.contains(Array($0.text.utf8)) }
      .map { SentencePieceModel.Piece($0.text, score: $0.score) }
    model.trainer.algorithm = .unigram
    model.trainer.vocabularySize = model.pieces.count
    model.trainer.characterCoverage = Float(settings.characterCoverage)
    model.trainer.maximumPieceLength = settings.maximumPieceLength
    model.trainer.splitsByScript = settings.splitByScript
    model.trainer.splitsByNumber = settings.splitByNumber
    model.trainer.splitsByWhitespace = settings.splitByWhitespace
    model.trainer.splitsDigits = settings.splitDigits
    model.trainer.allowsWhitespaceOnlyPieces = settings.allowWhitespaceOnlyPieces
    model.trainer.controlSymbols = settings.controlSymbols
    model.trainer.userDefinedSymbols = settings.userDefinedSymbols
    model.trainer.byteFallback = settings.byteFallback
    model.trainer.unknownID = 0
    model.trainer.beginID = 1
    model.trainer.endID = 2
    model.trainer.padID = settings.padPiece == nil ? -1 : 3
    model.trainer.unknownPiece = settings.unknownPiece
    model.trainer.beginPiece = settings.beginPiece
    model.trainer.endPiece = settings.endPiece
    if let padPiece = settings.padPiece { model.trainer.padPiece = padPiece }
    model.normalizer.name = "identity"
    model.normalizer.addsDummyPrefix = settings.addDummyPrefix
    model.normalizer.removesExtraWhitespace = settings.removeExtraWhitespaces
    model.normalizer.escapesWhitespace = true
    return model
  }
}
