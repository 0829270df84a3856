/// Encodes texts one after another, keeping its working arrays.
struct Encoder {
  private let tokenizer: Tokenizer
  private let mark: UInt32
  private var symbols: [UInt32] = []
  /// Which characters have no symbol, by position.
  private var strangers: [(position: Int, scalar: UInt32)] = []
  private var steps: [UnigramModel.Step] = []

  init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    mark = tokenizer.model.alphabet[0x2581]
  }

  /// Appends the ids of `bytes` to `ids`.
  ///
  /// - Parameter cuts: places, ascending, at or across which no special token is read.
  mutating func encode(
    _ bytes: Span<UInt8>, parseSpecial: Bool, cuts: [Int] = [], into ids: inout [Int32]
  ) {
    guard parseSpecial, !tokenizer.written.isEmpty else {
      encodeSection(bytes, isStart: true, into: &ids)
      return
    }
    var start = 0, at = 0
    var cuts = cuts[...]
    while at < bytes.count {
      while let cut = cuts.first, cut < at { cuts.removeFirst() }
      guard let found = tokenizer.written.longest(bytes, at: at),
        !(tokenizer.specialSet.contains(found.id)
          && cuts.first.map { $0 < at + found.length } == true)
      else {
        at += 1
        continue
      }
      if at > start { encodeSection(bytes.extracting(start..<at), isStart: start == 0, into: &ids) }
      ids.append(found.id)
      at += found.length
      start = at
    }
    if start < bytes.count || start == 0 {
      encodeSection(bytes.extracting(start..<bytes.count), isStart: start == 0, into: &ids)
    }
  }

  /// Appends the ids of a section without special tokens.
  private mutating func encodeSection(
    _ bytes: Span<UInt8>, isStart: Bool, into ids: inout [Int32]
  ) {
    let normalization = tokenizer.normalization
    symbols.removeAll(keepingCapacity: true)
    strangers.removeAll(keepingCapacity: true)
    if normalization.isPlain {
      guard !bytes.isEmpty else { return }
      if normalization.addsMark { append(0x2581, mark) }
      spell(bytes, spacesAreMarks: true)
    } else {
      spell(normalization.apply(bytes, isStart: isStart).span, spacesAreMarks: false)
    }
    switch tokenizer.splitting {
    case .none: segment(0..<symbols.count, into: &ids)
    case .beforeMarks:
      var start = 0
      for at in symbols.indices where symbols[at] == mark && mark != 0 && at > start {
        segment(start..<at, into: &ids)
        start = at
      }
      segment(start..<symbols.count, into: &ids)
    }
  }

  /// Appends the symbols of each character.
  private mutating func spell(_ bytes: Span<UInt8>, spacesAreMarks: Bool) {
    symbols.reserveCapacity(symbols.count + bytes.count)
    var at = 0
    while at < bytes.count {
      var (scalar, length) = UTF8Scanner.character(in: bytes, at: at)
      if spacesAreMarks, scalar == 0x20 { scalar = 0x2581 }
      append(scalar, tokenizer.model.alphabet[scalar])
      at += length
    }
  }

  @inline(__always)
  private mutating func append(_ scalar: UInt32, _ symbol: UInt32) {
    if symbol == 0 { strangers.append((symbols.count, scalar)) }
    symbols.append(symbol)
  }

  /// Appends the ids of the best segmentation of a range of symbols.
  private mutating func segment(_ range: Range<Int>, into ids: inout [Int32]) {
    guard !range.isEmpty else { return }
    let symbols = symbols  // a second name for the same storage, which the call below reads
    tokenizer.model.segment(symbols.span.extracting(range), steps: &steps)
    // The best path is known from its end, so ids are appended backwards and turned round.
    let first = ids.count
    var end = range.count
    var lastWasUnknown = false
    while end > 0 {
      let step = steps[end]
      if step.id == UnigramModel.unknown {
        let scalar = scalar(at: range.lowerBound + Int(step.start))
        if let byteIDs = tokenizer.byteIDs {
          var spelt: [UInt8] = []
          UTF8Scanner.append(scalar, to: &spelt)
          for byte in spelt.reversed() { ids.append(byteIDs[Int(byte)]) }
        } else if !lastWasUnknown {
          // A run of characters without pieces is one unknown piece.
          ids.append(tokenizer.special.unknown ?? 0)
        }
        lastWasUnknown = true
      } else {
        ids.append(step.id)
        lastWasUnknown = false
      }
      end = Int(step.start)
    }
    ids[first...].reverse()
  }

  /// The character at a position whose piece is unknown.
  ///
  /// Mostly it has no symbol and is among the strangers; else it occurs in longer pieces only.
  private func scalar(at position: Int) -> UInt32 {
    var low = 0, high = strangers.count
    while low < high {
      let middle = (low + high) / 2
      if strangers[middle].position < position { low = middle + 1 } else { high = middle }
    }
    if low < strangers.count, strangers[low].position == position { return strangers[low].scalar }
    return tokenizer.model.alphabet.scalar(of: symbols[position])
  }
}
