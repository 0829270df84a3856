/// What is done to text before it is segmented.
struct Normalization: Sendable {
  /// One change, in order.
  enum Step: Sendable, Equatable {
    /// Puts a text in front, unless there is none to put it before.
    case prepend([UInt8])
    /// The same, before empty text too (an anchored regular expression matches there).
    case prependAlways([UInt8])
    /// Puts a mark in front unless one is there, or there is no text; perhaps only where the text
    /// begins, not after a special token in it (Metaspace).
    case prependMark(onlyAtStart: Bool)
    /// Replaces every occurrence, from the left.
    case replace([UInt8], with: [UInt8])
  }

  /// SentencePiece's own rules, which no list of steps expresses.
  struct SentencePiece: Sendable {
    var map: CharacterMap?
    var addsDummyPrefix: Bool
    var removesExtraWhitespace: Bool
    var escapesWhitespace: Bool
    var treatsWhitespaceAsSuffix: Bool
    /// Texts that no replacement touches.
    var protected: TextMatcher
  }

  enum Rules: Sendable {
    case steps([Step])
    case sentencePiece(SentencePiece)
  }

  static let mark = Array("\u{2581}".utf8)

  let rules: Rules
  /// Whether the rules only write spaces as marks, perhaps with a mark in front: then no
  /// intermediate text is made.
  let isPlain: Bool
  /// Whether, if so, a mark comes in front.
  let addsMark: Bool

  init(_ rules: Rules) {
    self.rules = rules
    let spaces = Step.replace([0x20], with: Self.mark)
    switch rules {
    case .steps(let steps):
      // Where text is empty nothing is encoded, so that here it does not matter that an anchored
      // expression would match.
      addsMark =
        steps == [.prepend(Self.mark), spaces] || steps == [.prependAlways(Self.mark), spaces]
      isPlain = addsMark || steps == [spaces]
    case .sentencePiece(let own):
      addsMark = own.addsDummyPrefix
      isPlain =
        own.map == nil && !own.removesExtraWhitespace && own.escapesWhitespace
        && !(own.addsDummyPrefix && own.treatsWhitespaceAsSuffix)
    }
  }

  /// The rules in words, for comparing two of them.
  var summary: String {
    switch rules {
    case .steps(let steps): "\(steps)"
    case .sentencePiece(let own):
      "\(own.addsDummyPrefix) \(own.removesExtraWhitespace) \(own.escapesWhitespace)"
        + " \(own.treatsWhitespaceAsSuffix) \(own.map?.fingerprint ?? "")"
    }
  }

  /// The normalised text.
  ///
  /// - Parameter isStart: whether nothing comes before the text.
  func apply(_ bytes: Span<UInt8>, isStart: Bool = true) -> [UInt8] {
    switch rules {
    case .sentencePiece(let own): own.apply(bytes)
    case .steps(let steps):
      steps.reduce(into: Array(copying: bytes)) { text, step in
        switch step {
        case .prepend(let prefix): if !text.isEmpty { text.insert(contentsOf: prefix, at: 0) }
        case .prependAlways(let prefix): text.insert(contentsOf: prefix, at: 0)
        case .prependMark(let onlyAtStart):
          let isWanted = isStart || !onlyAtStart
          if isWanted, !text.isEmpty, !text.starts(with: Self.mark) {
            text.insert(contentsOf: Self.mark, at: 0)
          }
        case .replace(let old, let new): text = text.replacing(old, with: new)
        }
      }
    }
  }
}

extension Normalization.SentencePiece {
  /// Normalises from left to right by the longest replacement at each character.
  func apply(_ bytes: Span<UInt8>) -> [UInt8] {
    let space = escapesWhitespace ? Normalization.mark : [0x20]
    var result: [UInt8] = []
    var position = 0
    if removesExtraWhitespace {
      while position < bytes.count {
        let (length, text) = next(bytes, at: position)
        guard text == [0x20] else { break }
        position += length
      }
    }
    guard position < bytes.count else { return [] }
    if addsDummyPrefix, !treatsWhitespaceAsSuffix { result += space }
    var afterSpace = removesExtraWhitespace
    while position < bytes.count {
      let (length, whole) = next(bytes, at: position)
      let text = afterSpace ? whole.drop { $0 == 0x20 } : whole[...]
      for byte in text {
        if byte == 0x20 { result += space } else { result.append(byte) }
      }
      if !text.isEmpty { afterSpace = removesExtraWhitespace && text.last == 0x20 }
      position += length
    }
    if removesExtraWhitespace {
      while result.suffix(space.count).elementsEqual(space) { result.removeLast(space.count) }
    }
    if addsDummyPrefix, treatsWhitespaceAsSuffix { result += space }
    return result
  }

  /// What stands at `position`, how long it is, and what it becomes.
  private func next(_ bytes: Span<UInt8>, at position: Int) -> (length: Int, text: [UInt8]) {
    if let length = protected.longest(bytes, at: position)?.length {
      return (length, (position..<position + length).map { bytes[$0] })
    }
    if let (length, text) = map?.match(bytes, at: position) { return (length, Array(text)) }
    let (scalar, length) = UTF8Scanner.character(in: bytes, at: position)
    var text: [UInt8] = []
    UTF8Scanner.append(scalar, to: &text)
    return (length, text)
  }
}

extension [UInt8] {
  /// An array with the same bytes.
  init(copying span: Span<UInt8>) {
    self.init(capacity: span.count) { output in
      for i in span.indices { output.append(span[i]) }
    }
  }

  /// The bytes with every occurrence of `old` replaced, found from the left without overlap.
  func replacing(_ old: [UInt8], with new: [UInt8]) -> [UInt8] {
    guard let first = old.first else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(count)
    var at = 0
    while at < count {
      if self[at] == first, self[at...].starts(with: old) {
        result += new
        at += old.count
      } else {
        result.append(self[at])
        at += 1
      }
    }
    return result
  }
}
