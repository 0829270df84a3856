import Base
import Glibc

/// How the next token is drawn from the logits.
///
/// In this order: repetition penalty, temperature, top-k, top-p, min-p. The random number is a
/// function of seed, stream and position, so a text does not depend on what is generated beside it.
public struct Sampling: Sendable, Equatable {
  /// Divides the logits; 0 takes the likeliest token.
  public var temperature: Float = 0
  /// Only the k likeliest tokens.
  public var topK: Int?
  /// Only the likeliest tokens up to this share of the probability, the one that crosses it included.
  public var topP: Float?
  /// Only tokens with at least this share of the likeliest one's probability.
  public var minP: Float?
  /// Divides positive and multiplies negative logits of tokens that occurred (Keskar et al. 2019).
  public var repetitionPenalty: Float = 1
  public var seed: UInt64 = 0

  public init() {}

  /// Takes the likeliest token.
  public static let greedy = Sampling()

  /// Draws a token.
  ///
  /// - Parameters:
  ///   - logits: one a token of the vocabulary.
  ///   - history: the ids so far, for the repetition penalty.
  ///   - stream: which text of several this is.
  ///   - position: the place of the new token in its text.
  /// - Throws: ``Failure`` if a logit is not a number.
  public func next(_ logits: [Float], history: [Int32], stream: UInt64, position: Int) throws
    -> Int32
  {
    var logits = logits
    if repetitionPenalty != 1 { penalise(&logits, history) }
    guard let best = Self.argmax(logits) else {
      throw Failure(
        "the model's logits are not numbers", remedy: "Use an earlier checkpoint of this model.")
    }
    guard temperature > 0 else { return Int32(best) }
    let random = CounterRandom(seed: seed, purpose: 0x5A17, step: stream)
    return draw(logits, best: best, uniform: random.uniform(UInt64(position)))
  }

  /// The index of the highest value, the lowest of several; `nil` if one is NaN or none is finite.
  public static func argmax(_ logits: [Float]) -> Int? {
    var best = 0
    var value = -Float.infinity
    for (index, logit) in logits.enumerated() {
      if logit.isNaN { return nil }
      if logit > value { (best, value) = (index, logit) }
    }
    return value.isFinite ? best : nil
  }

  private func penalise(_ logits: inout [Float], _ history: [Int32]) {
    for id in Set(history) where logits.indices.contains(Int(id)) {
      let logit = logits[Int(id)]
      logits[Int(id)] = logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty
    }
  }

  private func draw(_ logits: [Float], best: Int, uniform: Double) -> Int32 {
    let highest = logits[best]
    var candidates = logits.indices.map { ($0, exp((logits[$0] - highest) / temperature)) }
    // Likeliest first; equal ones by id, so that the order is fixed. Without cuts, any fixed order does.
    if topK != nil || topP != nil {
      candidates.sort { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }
    }
    if let topK { candidates = Array(candidates.prefix(max(1, topK))) }
    if let topP {
      let total = candidates.reduce(0.0) { $0 + Double($1.1) }
      var sum = 0.0
      let cut = candidates.firstIndex { candidate in
        sum += Double(candidate.1)
        return sum >= Double(topP) * total
      }
      candidates = Array(candidates.prefix((cut ?? candidates.count - 1) + 1))
    }
    // The likeliest candidate has weight 1, so min-p compares with the weight itself.
    if let minP { candidates = candidates.filter { $0.1 >= minP } }
    let total = candidates.reduce(0.0) { $0 + Double($1.1) }
    var rest = uniform * total
    for (id, weight) in candidates {
      rest -= Double(weight)
      if rest < 0 { return Int32(id) }
    }
    return Int32(candidates.last?.0 ?? best)
  }
}
