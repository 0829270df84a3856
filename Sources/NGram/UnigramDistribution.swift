/// The relative frequency of tokens, whatever comes before.
///
/// One is added to every count, so that a token never seen has a probability too:
///
///     p(w) = (c(w) + 1) / (Σ c + V)
///
/// A begin token is never predicted; it has probability 0, and V does not count it.
public struct UnigramDistribution: NGramModel {
  public let vocabularySize: Int
  private let probabilities: [Double]

  /// The distribution of counted tokens.
  ///
  /// - Parameter begin: the token that begins each sequence, if one does.
  public init(_ counts: NGramCounts, begin: Int32?) {
    vocabularySize = counts.vocabularySize
    var values = (0..<Int32(counts.vocabularySize)).map { Double(counts.count([$0])) + 1 }
    if let begin, values.indices.contains(Int(begin)) { values[Int(begin)] = 0 }
    let total = values.reduce(0, +)
    probabilities = values.map { $0 / total }
  }

  public func probability(of token: Int32, after context: ArraySlice<Int32>) -> Double {
    probabilities.indices.contains(Int(token)) ? probabilities[Int(token)] : 0
  }
}
