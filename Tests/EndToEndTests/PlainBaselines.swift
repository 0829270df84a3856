import Glibc

/// The two count-based models that a demo is measured against, counted anew with dictionaries from the formulas
/// themselves.
struct PlainBaselines {
  private struct Pair: Hashable {
    let history, token: Int32
  }

  private let vocabularySize: Int
  /// How often a token is predicted, and after how many different ones.
  private var occurrences: [Int32: Int] = [:]
  private var predecessors: [Int32: Int] = [:]
  private var pairs: [Pair: Int] = [:]
  /// How often a token is a history, and of how many different tokens.
  private var histories: [Int32: Int] = [:]
  private var successors: [Int32: Int] = [:]

  /// Counts documents, each bos + ids + eos; bos is a history and never predicted.
  init(_ documents: [[Int32]], vocabularySize: Int) {
    self.vocabularySize = vocabularySize
    for document in documents {
      for (history, token) in zip(document, document.dropFirst()) {
        occurrences[token, default: 0] += 1
        histories[history, default: 0] += 1
        let pair = Pair(history: history, token: token)
        if pairs[pair] == nil {
          predecessors[token, default: 0] += 1
          successors[history, default: 0] += 1
        }
        pairs[pair, default: 0] += 1
      }
    }
  }

  /// Mean −ln of (c(w) + 1) / (Σ c + V − 1), over all tokens but the first of each document.
  func unigramLoss(_ documents: [[Int32]]) -> Double {
    let all = occurrences.values.reduce(0, +) + vocabularySize - 1
    return mean(documents) { _, token in Double(occurrences[token, default: 0] + 1) / Double(all) }
  }

  /// Mean −ln of interpolated Kneser–Ney: with a(w) the number of tokens that w follows,
  ///
  ///     p₁(w) = (max(a(w) − D₁, 0) + D₁ · #{w: a(w) > 0} / (V − 1)) / Σ a
  ///     p₂(w | h) = (max(c(h w) − D₂, 0) + D₂ · #{w: c(h w) > 0} · p₁(w)) / c(h)
  ///
  /// and D = n₁ / (n₁ + 2 n₂) of its order.
  func bigramLoss(_ documents: [[Int32]]) -> Double {
    func discount(_ counts: some Collection<Int>) -> Double {
      let (once, twice) = (counts.count { $0 == 1 }, counts.count { $0 == 2 })
      return Double(once) / Double(once + 2 * twice)
    }
    let (first, second) = (discount(predecessors.values), discount(pairs.values))
    let all = Double(predecessors.values.reduce(0, +))
    let floor = first * Double(predecessors.count) / Double(vocabularySize - 1)
    return mean(documents) { history, token in
      let lower = (max(Double(predecessors[token, default: 0]) - first, 0) + floor) / all
      guard let seen = histories[history] else { return lower }
      let pair = Pair(history: history, token: token)
      let kept = max(Double(pairs[pair, default: 0]) - second, 0)
      return (kept + second * Double(successors[history, default: 0]) * lower) / Double(seen)
    }
  }

  private func mean(
    _ documents: [[Int32]], _ probability: (_ history: Int32, _ token: Int32) -> Double
  ) -> Double {
    var (sum, count) = (0.0, 0)
    for document in documents {
      for (history, token) in zip(document, document.dropFirst()) {
        sum -= log(probability(history, token))
        count += 1
      }
    }
    return sum / Double(count)
  }
}
