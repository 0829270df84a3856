import Foundation
import Testing

@testable import Generation

@Suite("Sampling") struct SamplingTests {
  static let logits: [Float] = [1.5, -0.5, 2.25, 0, 2, -3, 1.5, 0.25]

  /// A way to sample and the probabilities it should give, reckoned in float64 from their definition.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var temperature = 1.0
    /// Which ids may come.
    var allowed = Set(0..<8)
    var change: @Sendable (inout Sampling) -> Void = { _ in }

    var probabilities: [Double] {
      let weights = logits.enumerated().map { id, logit in
        allowed.contains(id) ? exp(Double(logit) / temperature) : 0
      }
      let sum = weights.reduce(0, +)
      return weights.map { $0 / sum }
    }

    var sampling: Sampling {
      var sampling = Sampling()
      sampling.temperature = Float(temperature)
      sampling.seed = 20
      change(&sampling)
      return sampling
    }
  }

  /// At temperature 1 the ids 2, 4, 0, 6 have 0.330, 0.257, 0.156, 0.156 of the probability.
  static let cases = [
    Case(testDescription: "temperature 1"),
    Case(testDescription: "temperature 0.5", temperature: 0.5),
    Case(testDescription: "temperature 3", temperature: 3),
    Case(testDescription: "top-k 3 takes the lower of equal ids", allowed: [2, 4, 0]) {
      $0.topK = 3
    },
    // 2 and 4 have 0.587 of the probability, with 0 it is 0.742: the one that crosses stays.
    Case(testDescription: "top-p 0.7", allowed: [2, 4, 0]) { $0.topP = 0.7 },
    Case(testDescription: "top-p 0.5", allowed: [2, 4]) { $0.topP = 0.5 },
    Case(testDescription: "top-p 1 is all") { $0.topP = 1 },
    // exp(1.5 − 2.25) = 0.47, exp(0.25 − 2.25) = 0.135, exp(−2.25) = 0.105.
    Case(testDescription: "min-p 0.12", allowed: [0, 2, 4, 6, 7]) { $0.minP = 0.12 },
    Case(testDescription: "top-k, then top-p", allowed: [2, 4]) {
      $0.topK = 3
      $0.topP = 0.7
    },
  ]

  /// Pearson's statistic over ids that may come; with 7 degrees of freedom it passes 29.9 once in 10,000.
  static func expect(
    _ counts: [Int], _ probabilities: [Double], at location: SourceLocation = #_sourceLocation
  ) {
    let total = Double(counts.reduce(0, +))
    var statistic = 0.0
    for (count, probability) in zip(counts, probabilities) {
      if probability == 0 {
        #expect(count == 0, sourceLocation: location)
      } else {
        let expected = total * probability
        statistic += (Double(count) - expected) * (Double(count) - expected) / expected
      }
    }
    #expect(statistic < 29.9, "counts \(counts)", sourceLocation: location)
  }

  @Test("draws as often as the probabilities say", arguments: cases)
  func distribution(_ sample: Case) throws {
    let sampling = sample.sampling
    var overPositions = [Int](repeating: 0, count: 8)
    var overStreams = overPositions
    var overSeeds = overPositions
    for number in 0..<20_000 {
      func draw(_ sampling: Sampling, _ stream: UInt64, _ position: Int) throws -> Int {
        Int(try sampling.next(Self.logits, history: [], stream: stream, position: position))
      }
      var seeded = sampling
      seeded.seed = UInt64(number)
      overPositions[try draw(sampling, 7, number)] += 1
      overStreams[try draw(sampling, UInt64(number) << 32, 3)] += 1
      overSeeds[try draw(seeded, 7, 3)] += 1
    }
    Self.expect(overPositions, sample.probabilities)
    Self.expect(overStreams, sample.probabilities)
    Self.expect(overSeeds, sample.probabilities)
  }

  @Test func `greedy takes the likeliest, the first of equal ones`() throws {
    #expect(try Sampling.greedy.next(Self.logits, history: [], stream: 0, position: 0) == 2)
    #expect(try Sampling.greedy.next([1, 3, 3], history: [], stream: 9, position: 9) == 1)
    var one = Sampling()
    one.temperature = 1
    one.topK = 1
    #expect(
      (0..<100).allSatisfy { position in
        (try? one.next(Self.logits, history: [], stream: 1, position: position)) == 2
      })
    one.topK = nil
    one.topP = 0
    #expect(try one.next(Self.logits, history: [], stream: 1, position: 5) == 2)
  }

  @Test func `the repetition penalty divides what is positive and multiplies what is negative`()
    throws
  {
    var sampling = Sampling()
    sampling.repetitionPenalty = 1.5
    // 2.25 / 1.5 = 1.5 < 2.
    #expect(try sampling.next(Self.logits, history: [2, 2], stream: 0, position: 0) == 4)
    #expect(try sampling.next([-1, -1.2], history: [0], stream: 0, position: 0) == 1)
    #expect(try sampling.next([-1, -1.6], history: [0], stream: 0, position: 0) == 0)
    #expect(try sampling.next([1, 0.5], history: [99, -3], stream: 0, position: 0) == 0)
  }

  @Test("what is no number is an error, not a token")
  func notNumbers() {
    var sampling = Sampling()
    for temperature in [0, 1] as [Float] {
      sampling.temperature = temperature
      for bad in [[1, .nan, 2], [.infinity, 1], [-.infinity, -.infinity], []] as [[Float]] {
        #expect(throws: (any Error).self) {
          try sampling.next(bad, history: [], stream: 0, position: 0)
        }
      }
    }
    #expect((try? sampling.next([-.infinity, 1], history: [], stream: 0, position: 0)) == 1)
  }

  @Test func `stop texts are found where they begin, however they arrive`() {
    let stop = StopTexts(["\n###", "終わり", ""])
    let text = Array("答えは終\n##わり終わり\n###".utf8)
    let place = Array("答えは終\n##わり".utf8).count
    var found: Int?
    for end in 1...text.count where found == nil {
      found = stop.cut(in: Array(text[..<end]), beyond: end - 1)
      if found != nil { #expect(end == place + 9) }
    }
    #expect(found == place)
    #expect(stop.cut(in: text, beyond: 0) == place, "all at once")
    #expect(StopTexts([""]).cut(in: text, beyond: 0) == nil)
  }
}
