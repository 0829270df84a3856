/// Turns ids into text one by one and never hands out half a character.
///
/// The texts of all calls, joined, are what ``Tokenizer/decode(_:skipSpecial:)`` gives, with two
/// exceptions: of a run of byte pieces that is invalid as a whole the valid characters are shown
/// (where the tokenizers library replaces them all, but only knows at the run's end), and a
/// denormaliser is not applied.
public struct StreamingDecoder: Sendable {
  private let vocabulary: Vocabulary
  private let rules: DecodingRules
  private let isSpecial: Set<Int32>
  private let skipsSpecial: Bool
  /// Whether runs of byte pieces are judged only at their end.
  private let holdsRuns: Bool
  private var run: [UInt8] = []
  private var isEmpty = true
  private var markTaken = false

  init(
    vocabulary: Vocabulary, rules: DecodingRules, special: Set<Int32>, skipsSpecial: Bool,
    holdsRuns: Bool
  ) {
    self.vocabulary = vocabulary
    self.rules = rules
    self.isSpecial = special
    self.skipsSpecial = skipsSpecial
    self.holdsRuns = holdsRuns && rules.byteRuns == .asWhole
  }

  /// The text that `id` completes; "" while a character is still open.
  ///
  /// Ids outside the vocabulary show as U+FFFD.
  public mutating func append(_ id: Int32) -> String {
    var bytes: [UInt8] = []
    append(id, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The rest: an open character is shown as U+FFFD, one for each of its bytes.
  public mutating func finish() -> String {
    var bytes: [UInt8] = []
    endRun(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  mutating func finish(into bytes: inout [UInt8]) { endRun(into: &bytes) }

  mutating func append(_ id: Int32, to bytes: inout [UInt8]) {
    let special = isSpecial.contains(id)
    if special, skipsSpecial, vocabulary.kind(id) != .unknown || rules.unknownSurface == nil {
      // In SentencePiece an invisible piece still ends a run of bytes.
      if rules.byteRuns == .byCharacter { endRun(into: &bytes) }
      return
    }
    let piece = vocabulary.utf8(id)
    guard rules.byteRuns != .asPieces, vocabulary.kind(id) == .byte,
      let byte = Vocabulary.byte(ofPiece: piece)
    else {
      endRun(into: &bytes)
      if piece.isEmpty {
        emit([0xef, 0xbf, 0xbd], into: &bytes)
      } else if vocabulary.kind(id) == .unknown, let surface = rules.unknownSurface {
        emit(Array(surface.utf8)[...], into: &bytes)
      } else if special, rules.byteRuns == .byCharacter {
        emit(piece, into: &bytes)
      } else {
        emit(withoutLeadingMark(piece), marks: rules.marksAreSpaces, into: &bytes)
      }
      return
    }
    run.append(byte)
    if !holdsRuns { emitWholeCharacters(into: &bytes) }
  }

  /// Takes the mark off the beginning of the text, where the rules say so.
  private mutating func withoutLeadingMark(_ piece: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard isEmpty, rules.leading == .marks || rules.leading == .mark && !markTaken,
      piece.starts(with: Normalization.mark)
    else { return piece }
    markTaken = true
    return piece.dropFirst(Normalization.mark.count)
  }

  private mutating func emitWholeCharacters(into bytes: inout [UInt8]) {
    while let first = run.first {
      let expected = UTF8Scanner.expectedLength(first)
      // Waits while the bytes at hand are all continuations of a character that needs more.
      if run.count < expected, run.dropFirst().allSatisfy({ $0 & 0xc0 == 0x80 }) { return }
      emitCharacter(into: &bytes)
    }
  }

  private mutating func emitCharacter(into bytes: inout [UInt8]) {
    let (scalar, length) = UTF8Scanner.character(in: run.span, at: 0)
    run.removeFirst(length)
    var text: [UInt8] = []
    UTF8Scanner.append(scalar, to: &text)
    emit(text[...], marks: rules.marksInByteRuns, into: &bytes)
  }

  private mutating func endRun(into bytes: inout [UInt8]) {
    guard !run.isEmpty else { return }
    if holdsRuns {
      let whole = run
      run = []
      if String(validating: whole, as: UTF8.self) != nil {
        emit(whole[...], marks: rules.marksInByteRuns, into: &bytes)
      } else {
        for _ in whole { emit([0xef, 0xbf, 0xbd], into: &bytes) }
      }
    } else {
      while !run.isEmpty { emitCharacter(into: &bytes) }
    }
  }

  private mutating func emit(
    _ text: ArraySlice<UInt8>, marks: Bool = false, into bytes: inout [UInt8]
  ) {
    guard !text.isEmpty else { return }
    var shown = marks ? Array(text).replacing(Normalization.mark, with: [0x20])[...] : text
    if isEmpty, rules.leading == .space, shown.first == 0x20 { shown = shown.dropFirst() }
    // A space that was taken away does count: only one is.
    isEmpty = false
    bytes += shown
  }
}
