/// Between the scores that SentencePiece's BPE gives its pieces and the list of merges that the tokenizers
/// library reads.
enum GGUFMerges {
  /// What stands for a space in a piece.
  static let mark = "\u{2581}"

  /// Every way of cutting a piece into two pieces, best scores first; of equal ones those with the lower ids.
  static func merges(
    of tokens: [String], scores: [Float], kinds: [GGUFTokenizer.Kind]
  ) -> [(String, String)] {
    var ids: [[UInt8]: Int] = [:]
    for id in tokens.indices where kinds[id] == .normal || kinds[id] == .userDefined {
      ids[Array(tokens[id].utf8)] = id
    }
    var found: [(score: Float, left: Int, right: Int)] = []
    for (piece, id) in ids {
      // A cut within a character finds no piece.
      for cut in piece.indices.dropFirst() {
        if let left = ids[Array(piece[..<cut])], let right = ids[Array(piece[cut...])] {
          found.append((scores[id], left, right))
        }
      }
    }
    found.sort { ($1.score, $0.left, $0.right) < ($0.score, $1.left, $1.right) }
    return found.map { (tokens[$0.left], tokens[$0.right]) }
  }

  /// The scores of pieces by the first merge that makes each: SentencePiece's BPE joins the pair whose result
  /// has the highest score.
  static func scores(of tokens: [String], merges: [(String, String)]) -> [Float] {
    var rank: [[UInt8]: Int] = [:]
    for (place, merge) in merges.enumerated() {
      let whole = Array(merge.0.utf8) + Array(merge.1.utf8)
      if rank[whole] == nil { rank[whole] = place }
    }
    return tokens.map { rank[Array($0.utf8)].map { -Float($0) } ?? -Float(merges.count) }
  }
}
