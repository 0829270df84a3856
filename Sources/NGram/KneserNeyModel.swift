/// An interpolated Kneser–Ney model of any order, with one discount an order.
///
/// For a token w after the history h of k − 1 tokens, h′ being h without its first:
///
///     p_k(w | h) = (max(c(h w) − D_k, 0) + D_k · N₁₊(h ·) · p_{k−1}(w | h′)) / Σ_v c(h v)
///
/// At the highest order c counts occurrences; below, it counts the different tokens that an n-gram
/// follows, so that a token which occurs often but only after one other is not expected elsewhere.
/// N-grams that begin with the begin token follow nothing and keep their occurrences. The discount is
/// D_k = n₁ / (n₁ + 2 n₂), where n₁ and n₂ are the numbers of n-grams with c = 1 and c = 2 (Chen and
/// Goodman 1998, "An Empirical Study of Smoothing Techniques", section 4.1); ½ if n₁ is 0. p₀ is
/// uniform over all tokens but the begin token, so that each has a probability. A history never seen
/// leaves p_{k−1} as it is.
public struct KneserNeyModel: NGramModel {
  public let order: Int
  public let vocabularySize: Int
  /// The discount of each order, from 1.
  public let discounts: [Double]

  private let counts: NGramCounts
  private let begin: Int32?
  private let uniform: Double
  /// By node: c of the n-gram; and of its continuations, how many there are and the sum of their c.
  private var adjusted: [Int]
  private var continuations: [Int32]
  private var totals: [Int]

  /// Estimates the model.
  ///
  /// - Parameters:
  ///   - counts: n-grams up to the order wanted.
  ///   - begin: the token that begins each sequence, if one does; it is never predicted.
  /// - Complexity: O(different n-grams).
  public init(_ counts: NGramCounts, begin: Int32?) {
    self.counts = counts
    self.begin = begin
    order = counts.order
    vocabularySize = counts.vocabularySize
    uniform = 1 / Double(max(1, begin == nil ? vocabularySize : vocabularySize - 1))

    let nodes = counts.nodes
    var adjusted = [Int](repeating: 0, count: nodes.count)
    // Where the n-gram without its first token ends; parents come before their children.
    var suffixes = [Int32](repeating: 0, count: nodes.count)
    for node in nodes.indices.dropFirst() {
      let (parent, token, length) = (nodes[node].parent, nodes[node].token, nodes[node].length)
      if length == counts.order || token == begin && length == 1 {
        adjusted[node] += nodes[node].count
      }
      guard length > 1 else { continue }
      guard let suffix = counts.child(of: suffixes[Int(parent)], token) else { continue }
      suffixes[node] = suffix
      adjusted[Int(suffix)] += 1
    }
    if let begin, counts.order > 1, let start = counts.node([begin]) {
      // Everything below the begin token keeps its occurrences.
      var isBelow = [Bool](repeating: false, count: nodes.count)
      isBelow[Int(start)] = true
      for node in nodes.indices.dropFirst() where isBelow[Int(max(0, nodes[node].parent))] {
        isBelow[node] = true
        adjusted[node] = nodes[node].count
      }
    }
    var continuations = [Int32](repeating: 0, count: nodes.count)
    var totals = [Int](repeating: 0, count: nodes.count)
    var frequencies = [[Int]](repeating: [0, 0], count: counts.order)
    for node in nodes.indices.dropFirst() where adjusted[node] > 0 {
      // The begin token is no continuation of anything.
      guard nodes[node].token != begin else { continue }
      continuations[Int(nodes[node].parent)] += 1
      totals[Int(nodes[node].parent)] += adjusted[node]
      if adjusted[node] <= 2 { frequencies[Int(nodes[node].length) - 1][adjusted[node] - 1] += 1 }
    }
    discounts = frequencies.map { once in
      once[0] == 0 ? 0.5 : Double(once[0]) / Double(once[0] + 2 * once[1])
    }
    self.adjusted = adjusted
    self.continuations = continuations
    self.totals = totals
  }

  public func probability(of token: Int32, after context: ArraySlice<Int32>) -> Double {
    guard token >= 0, Int(token) < vocabularySize, token != begin else { return 0 }
    var probability = uniform
    for length in 0..<min(order, context.count + 1) {
      guard let history = counts.node(context.suffix(length)), totals[Int(history)] > 0 else {
        break
      }
      let discount = discounts[length]
      let count = counts.child(of: history, token).map { Double(adjusted[Int($0)]) } ?? 0
      let kept = max(count - discount, 0)
      let freed = discount * Double(continuations[Int(history)])
      probability = (kept + freed * probability) / Double(totals[Int(history)])
    }
    return probability
  }
}
