import Base
import Synchronization

/// What the text's likelihood would lose without a piece.
struct Pruning: Sendable {
  let keys: PieceKeys
  let scores: [Double]
  /// The pieces, with their log probabilities.
  let trie: PieceTrie

  /// The loss of each piece: infinite for one that must stay, not a number for one that is useless.
  ///
  /// If a piece with count c of a total S went, its c occurrences would become the pieces of its
  /// next best segmentation, and
  ///
  ///     loss = c · (ln (c / S) − Σ_alternatives ln ((count + c) / (S + c (alternatives − 1))))
  ///
  /// - Parameter counts: how often each piece is in the best segmentation of the text.
  func losses(counts: [Int], pool: ThreadPool) -> [Double] {
    let total = Double(counts.reduce(0, +))
    let losses = Mutex([Double](repeating: .nan, count: keys.count))
    let shards = min(64, 1 + keys.count / 1024)
    pool.run(shards) { shard in
      var path = BestPath()
      var own: [(Int, Double)] = []
      for piece in stride(from: shard, to: keys.count, by: shards) {
        own.append((piece, loss(piece, counts, total, &path)))
      }
      losses.withLock { losses in
        for (piece, loss) in own { losses[piece] = loss }
      }
    }
    return losses.withLock { $0 }
  }

  private func loss(_ piece: Int, _ counts: [Int], _ total: Double, _ path: inout BestPath)
    -> Double
  {
    guard keys.length(piece) > 1 else { return .infinity }
    let count = Double(counts[piece])
    guard count > 0 else { return .nan }
    path.find(keys[piece], trie, mayBeWhole: false)
    // One that is better written otherwise anyway can go.
    guard path.score <= Double(Float(scores[piece])) else { return .nan }
    let newTotal = logarithm(total + count * Double(path.pieces.count - 1))
    let otherwise = path.pieces.reduce(0) { sum, other in
      sum + logarithm(Double(counts[Int(other)]) + count) - newTotal
    }
    return count * (logarithm(count / total) - otherwise)
  }
}
