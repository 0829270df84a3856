/// From the scores that SentencePiece's BPE gives its pieces to the list of merges that the tokenizers
/// library reads.
enum GGUFMerges {
  /// What stands for a space in a piece.
  static let mark = "\u{2581}"

  /// A way of cutting a piece into two.
  private struct Cut {
    let score: Float
    /// Characters of the two parts.
    let lengths: (Int, Int)
    let whole, left, right: Int

    /// Best scores first; of equal ones longer parts first, then lower ids, as transformers sorts them.
    static func precedes(_ a: Cut, _ b: Cut) -> Bool {
      if a.score != b.score { return a.score > b.score }
      if a.lengths != b.lengths { return a.lengths > b.lengths }
      return (a.whole, a.left, a.right) < (b.whole, b.left, b.right)
    }
  }

  /// Every way of cutting a piece into two pieces, in the order in which they are to be merged.
  static func merges(
    of tokens: [String], scores: [Float], kinds: [GGUFTokenizer.Kind]
  ) -> [(String, String)] {
    var ids: [[UInt8]: Int] = [:]
    for id in tokens.indices where kinds[id] == .normal || kinds[id] == .userDefined {
      ids[Array(tokens[id].utf8)] = id
    }
    var cuts: [Cut] = []
    for (piece, id) in ids {
      // A cut within a character finds no piece.
      for place in piece.indices.dropFirst() {
        guard let left = ids[Array(piece[..<place])], let right = ids[Array(piece[place...])]
        else { continue }
        let lengths = (tokens[left].unicodeScalars.count, tokens[right].unicodeScalars.count)
        cuts.append(
          Cut(score: scores[id], lengths: lengths, whole: id, left: left, right: right))
      }
    }
    return cuts.sorted(by: Cut.precedes).map { (tokens[$0.left], tokens[$0.right]) }
  }
}
