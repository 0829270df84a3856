import Base

/// A distribution of the next token, given those before.
public protocol NGramModel: Sendable {
  /// Tokens are 0 ..< this.
  var vocabularySize: Int { get }

  /// The probability of `token` after `context`, of which only the last tokens matter.
  func probability(of token: Int32, after context: ArraySlice<Int32>) -> Double
}

extension NGramModel {
  /// The natural logarithm of ``probability(of:after:)``, in nats.
  public func logProbability(of token: Int32, after context: ArraySlice<Int32>) -> Double {
    logarithm(probability(of: token, after: context))
  }

  /// The probabilities of all tokens after `context`; they sum to 1.
  public func distribution(after context: ArraySlice<Int32>) -> [Double] {
    (0..<Int32(vocabularySize)).map { probability(of: $0, after: context) }
  }

  /// The mean negative log probability of a predicted token, in nats, and how many were predicted.
  ///
  /// Every token of a sequence is predicted but the first, which begins it: of `bos a b eos` those
  /// are a, b and eos. Not a number if none was.
  public func crossEntropy(_ sequences: some Sequence<[Int32]>) -> (nats: Double, tokens: Int) {
    var sum = 0.0, tokens = 0
    for sequence in sequences {
      for place in sequence.indices.dropFirst() {
        sum -= logProbability(of: sequence[place], after: sequence[..<place])
      }
      tokens += max(0, sequence.count - 1)
    }
    return (sum / Double(tokens), tokens)
  }
}
