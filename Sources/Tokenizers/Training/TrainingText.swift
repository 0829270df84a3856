import Base

/// The text to train on, cut into words that no piece crosses, each kept once with its count.
///
/// Cutting is exact: the segmentations of a text are those of its words put together. In Japanese
/// the cuts fall at punctuation, digits and changes of script, which leaves far fewer and shorter
/// stretches than lines, and many of them more than once.
struct TrainingText: Sendable {
  /// The code point of each symbol, from 1; the most frequent first. Symbol 0 ends a word.
  private(set) var scalars: [UInt32] = [0]
  /// How often each symbol occurs.
  private(set) var symbolCounts: [Int] = [0]
  /// All words one after another, each ended by a 0.
  private(set) var symbols: [UInt32] = []
  /// Where each word begins in `symbols`.
  private(set) var starts: [Int] = []
  /// How often each word occurs.
  private(set) var counts: [Int] = []
  /// The character that follows each word, as in `WordTable`; 0 at the end of a line.
  private(set) var followers: [UInt32] = []

  /// The number of different words.
  var wordCount: Int { counts.count }

  /// Reads documents; characters too rare to become pieces cut words like everything else that no
  /// piece holds.
  ///
  /// - Throws: `Failure` if there is no text, or more characters than the vocabulary has room for.
  init(
    _ documents: some Sequence<String>, settings: UnigramSettings, progress: any ProgressReporter,
    cancellation: CancellationFlag?
  ) throws {
    var cutter = Cutter(settings)
    var read = 0
    for document in documents {
      cutter.cut(document.utf8Span.span)
      read += 1
      if read % 1000 == 0 {
        try checkNotCancelled(cancellation)
        progress.update(ProgressState(stage: "reading text", done: read, unit: "documents"))
      }
    }
    let words = cutter.words
    chooseCharacters(words, settings)
    guard scalars.count > 1 else {
      throw Failure(
        "there is no text to train a tokenizer on", remedy: "give text that is not empty")
    }
    let needed = scalars.count - 1 + settings.specialPieces.count
    guard needed < settings.vocabularySize else {
      throw Failure(
        "vocabulary_size \(settings.vocabularySize) has no room for \(needed) characters and special pieces",
        remedy: "choose a larger vocabulary_size or a lower character_coverage")
    }
    var numbers: [UInt32: UInt32] = [:]
    for (symbol, scalar) in scalars.enumerated().dropFirst() { numbers[scalar] = UInt32(symbol) }
    for word in 0..<words.count {
      var start = symbols.count
      for scalar in String(decoding: words[word], as: UTF8.self).unicodeScalars {
        if let symbol = numbers[scalar.value] {
          symbols.append(symbol)
        } else {
          end(from: start, words.counts[word], before: Self.rare)
          start = symbols.count
        }
      }
      let follower = words.followers[word]
      let isRare = follower != 0 && follower != WordTable.varied && numbers[follower] == nil
      end(from: start, words.counts[word], before: isRare ? Self.rare : follower)
    }
  }

  /// Stands for all characters that are not covered.
  private static let rare = UInt32.max - 1

  private mutating func end(from start: Int, _ count: Int, before follower: UInt32) {
    guard symbols.count > start else { return }
    symbols.append(0)
    starts.append(start)
    counts.append(count)
    followers.append(follower)
  }

  /// Keeps the most frequent characters that cover enough of the text, and those required.
  private mutating func chooseCharacters(_ words: WordTable, _ settings: UnigramSettings) {
    var counts: [UInt32: Int] = [:]
    for word in 0..<words.count {
      for scalar in String(decoding: words[word], as: UTF8.self).unicodeScalars {
        counts[scalar.value, default: 0] += words.counts[word]
      }
    }
    // Other readers of the model end strings at a NUL.
    counts[0] = nil
    let total = counts.values.reduce(0, +)
    var required = Set(settings.requiredCharacters.unicodeScalars.map(\.value))
    // Without a piece, the mark would be spelt in bytes, and its space be lost in decoding.
    if total > 0 { required.insert(0x2581) }
    // A text that spells a byte piece must be cheaper in characters than as that piece.
    if total > 0, settings.byteFallback {
      required.formUnion("<0x>123456789ABCDEF".unicodeScalars.map(\.value))
    }
    for scalar in required where counts[scalar] == nil { counts[scalar] = 0 }
    var covered = 0
    for (scalar, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      let isWanted = Double(covered) < settings.characterCoverage * Double(total) && count > 0
      if isWanted || required.contains(scalar) {
        scalars.append(scalar)
        symbolCounts.append(count)
      }
      covered += count
    }
  }

  /// Cuts documents into words and counts them.
  private struct Cutter {
    private let settings: UnigramSettings
    private let rules: PieceRules
    private let normalization: Normalization
    private let userDefined: TextMatcher
    private var known: [UInt32: PieceRules.Character] = [:]
    private(set) var words = WordTable()

    init(_ settings: UnigramSettings) {
      self.settings = settings
      rules = PieceRules(settings)
      userDefined = TextMatcher(settings.userDefinedSymbols.map { ($0, 0) })
      normalization = Normalization(
        .sentencePiece(
          .init(
            map: nil, addsDummyPrefix: settings.addDummyPrefix,
            removesExtraWhitespace: settings.removeExtraWhitespaces, escapesWhitespace: true,
            treatsWhitespaceAsSuffix: false, protected: userDefined)))
    }

    mutating func cut(_ document: Span<UInt8>) {
      let text = normalization.apply(document)
      let bytes = text.span
      var start = 0, at = 0
      var last: PieceRules.Character?
      func flush(_ words: inout WordTable, before follower: UInt32) {
        if at > start { words.add(text[start..<at], before: follower) }
      }
      while at < bytes.count {
        if !userDefined.isEmpty, let found = userDefined.longest(bytes, at: at) {
          flush(&words, before: 0)
          at += found.length
          start = at
          last = nil
          continue
        }
        let (scalar, length) = UTF8Scanner.character(in: bytes, at: at)
        let character = character(scalar)
        let isTooLong = at + length - start > settings.maximumSentenceBytes
        if let last, isTooLong || !rules.mayJoin(last, character) {
          flush(&words, before: scalar)
          start = at
        }
        last = character
        at += length
      }
      flush(&words, before: 0)
    }

    private mutating func character(_ scalar: UInt32) -> PieceRules.Character {
      if let character = known[scalar] { return character }
      let character = rules.character(scalar)
      known[scalar] = character
      return character
    }
  }
}

/// Ends a training that its user has given up.
///
/// - Throws: `Failure`, if `flag` is raised.
func checkNotCancelled(_ flag: CancellationFlag?) throws {
  guard flag?.isCancelled != true else {
    throw Failure("tokenizer training was stopped", remedy: "start it again when you like")
  }
}
