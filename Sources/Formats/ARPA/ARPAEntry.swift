/// One n-gram of an ARPA file.
public struct ARPAEntry: Equatable, Sendable {
  /// Its words, the first first.
  public var words: [String]
  /// log₁₀ of the probability of the last word after the others.
  public var logProbability: Double
  /// log₁₀ of the weight with which a word never seen after these is taken from the shorter history.
  public var backOff: Double?

  public init(_ words: [String], logProbability: Double, backOff: Double? = nil) {
    self.words = words
    self.logProbability = logProbability
    self.backOff = backOff
  }
}
