/// A Unigram language model over pieces: the segmentation of highest summed score.
///
/// Scores are natural logarithms of probabilities. A character that is no piece by itself may be
/// covered by the unknown piece at `lowest score − 10`.
public struct UnigramModel: Sendable {
  /// Whose arithmetic decides between segmentations that are almost equally good.
  ///
  /// On exact and near ties the two implementations differ, and ids must follow the one that a
  /// tokenizer's file belongs to.
  public enum Arithmetic: Sendable {
    /// Sums are rounded to 32 bits at each piece (SentencePiece 0.2.3; older releases compared the
    /// exact sum and rounded then).
    case sentencePiece
    /// Everything in 64 bits.
    case tokenizers
  }

  let alphabet: Alphabet
  let trie: PieceTrie
  let arithmetic: Arithmetic
  /// 64-bit scores by id, where 32 bits do not hold them; else empty.
  private let wideScores: [Double]
  private let unknownScore: Double

  /// A model of the given pieces.
  ///
  /// - Parameters:
  ///   - pieces: those that text can match, with their ids.
  ///   - lowestScore: what the unknown piece's score is reckoned from.
  init(
    _ pieces: [(text: String, id: Int32, score: Double)], lowestScore: Double,
    arithmetic: Arithmetic
  ) {
    let alphabet = Alphabet(pieces.lazy.map(\.text))
    self.alphabet = alphabet
    self.arithmetic = arithmetic
    trie = PieceTrie(
      PieceKeys(pieces.lazy.map { alphabet.symbols($0.text)[...] }), ids: pieces.map(\.id),
      scores: pieces.map { Float($0.score) })
    switch arithmetic {
    case .sentencePiece:
      wideScores = []
      unknownScore = Double(Float(lowestScore) - 10)
    case .tokenizers:
      unknownScore = lowestScore - 10
      if pieces.allSatisfy({ Double(Float($0.score)) == $0.score }) {
        wideScores = []
      } else {
        var scores = [Double](repeating: 0, count: Int(pieces.map(\.id).max() ?? -1) + 1)
        for piece in pieces { scores[Int(piece.id)] = piece.score }
        wideScores = scores
      }
    }
  }

  /// The best way to a position: the score up to it, where its last piece begins, and which it is.
  struct Step {
    var score: Double
    var start: Int32
    var id: Int32
  }

  /// Marks a step over one character that no piece covers.
  static let unknown: Int32 = -1
  private static let unreached: Int32 = -1

  /// Segments `symbols[range]`, leaving the best way to each position in `steps[range.count]`…
  ///
  /// - Parameter steps: overwritten; after the call `steps[i]` is the best way to the `i`-th
  ///   position of the range, to be followed backwards from the last.
  func segment(_ symbols: Span<UInt32>, steps: inout [Step]) {
    let count = symbols.count
    if steps.count < count + 1 {
      steps = [Step](
        repeating: Step(score: 0, start: Self.unreached, id: Self.unknown), count: count + 1)
    }
    var span = steps.mutableSpan
    for i in 0...count { span[i].start = Self.unreached }
    span[0].score = 0
    let nodes = trie.nodes.span
    switch (arithmetic, wideScores.isEmpty) {
    case (.sentencePiece, _): walk(symbols, nodes, &span, rounds: true, wide: false)
    case (.tokenizers, true): walk(symbols, nodes, &span, rounds: false, wide: false)
    case (.tokenizers, false): walk(symbols, nodes, &span, rounds: false, wide: true)
    }
  }

  /// The search itself, inlined once for each arithmetic.
  @inline(__always)
  private func walk(
    _ symbols: Span<UInt32>, _ nodes: Span<PieceTrie.Node>, _ steps: inout MutableSpan<Step>,
    rounds: Bool, wide: Bool
  ) {
    let count = symbols.count
    for start in 0..<count {
      let score = steps[start].score
      var node = nodes[0]
      var index: UInt32 = 0
      var end = start
      var coversCharacter = false
      while end < count {
        let next = node.base &+ symbols[end]
        node = nodes[Int(next)]
        guard node.check == index else { break }
        index = next
        end &+= 1
        guard node.id >= 0 else { continue }
        let sum = score + (wide ? wideScores[Int(node.id)] : Double(node.score))
        let candidate = rounds ? Double(Float(sum)) : sum
        if steps[end].start < 0 || candidate > steps[end].score {
          steps[end] = Step(
            score: candidate, start: Int32(start), id: node.id)
        }
        if end == start &+ 1 { coversCharacter = true }
      }
      guard !coversCharacter else { continue }
      let candidate =
        rounds ? Double(Float(score) + Float(unknownScore)) : score + unknownScore
      if steps[start + 1].start < 0 || candidate > steps[start + 1].score {
        steps[start + 1] = Step(score: candidate, start: Int32(start), id: Self.unknown)
      }
    }
  }
}
