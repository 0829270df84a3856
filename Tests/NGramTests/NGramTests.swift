import Base
import NGram
import TestSupport
import Testing

/// Small random documents over a few tokens: 0 begins, 1 ends, some of 2… never occur.
private func documents(_ seed: UInt64, vocabulary: Int32, count: Int = 40) -> [[Int32]] {
  var random = SeededGenerator(seed)
  return (0..<count).map { _ in
    let body = (0..<Int.random(in: 0...12, using: &random)).map { _ in
      Int32.random(in: 2..<max(3, vocabulary - 2), using: &random)
    }
    return [0] + body + [1]
  }
}

private func counts(_ documents: [[Int32]], order: Int, vocabulary: Int) -> NGramCounts {
  var counts = NGramCounts(order: order, vocabularySize: vocabulary)
  for document in documents { counts.add(document) }
  return counts
}

@Suite("N-gram models") struct NGramTests {
  @Test func `counts n-grams within documents only`() {
    let counts = counts([[0, 2, 3, 2, 3, 1], [0, 3, 1]], order: 2, vocabulary: 4)
    #expect(counts.count([2, 3]) == 2)
    #expect(counts.count([3, 1]) == 2)
    #expect(counts.count([1, 0]) == 0)
    #expect(counts.count([3]) == 3)
    #expect(counts.sequences == 2)
  }

  @Test(arguments: [1, 2, 3, 4], [1, 2, 3] as [UInt64])
  func `probabilities sum to one after every context`(order: Int, seed: UInt64) {
    let documents = documents(seed, vocabulary: 9)
    let model = KneserNeyModel(counts(documents, order: order, vocabulary: 9), begin: 0)
    let contexts: [[Int32]] =
      [[], [0], [0, 2], [2, 3, 4], [8], [8, 8, 8], [3, 8], [0, 0]] + documents.prefix(20)
    for context in contexts {
      let distribution = model.distribution(after: context[...])
      #expect(abs(distribution.reduce(0, +) - 1) < 1e-12, "after \(context)")
      #expect(distribution[0] == 0)
      #expect(distribution.dropFirst().allSatisfy { $0 > 0 })
    }
    let unigram = UnigramDistribution(counts(documents, order: 1, vocabulary: 9), begin: 0)
    #expect(abs(unigram.distribution(after: []).reduce(0, +) - 1) < 1e-12)
  }

  /// The bigram formula once more, written down directly over dictionaries of pairs.
  @Test(arguments: [1, 7] as [UInt64]) func `the bigram is the textbook's`(seed: UInt64) throws {
    let documents = documents(seed, vocabulary: 10, count: 60)
    var pairs: [[Int32]: Int] = [:]
    for document in documents {
      for (a, b) in zip(document, document.dropFirst()) { pairs[[a, b], default: 0] += 1 }
    }
    func discount(_ counts: some Sequence<Int>) -> Double {
      let once = Double(counts.count { $0 == 1 }), twice = Double(counts.count { $0 == 2 })
      return once == 0 ? 0.5 : once / (once + 2 * twice)
    }
    var before: [Int32: Int] = [:]  // how many different tokens come before each
    for pair in pairs.keys { before[pair[1], default: 0] += 1 }
    let d1 = discount(before.values), d2 = discount(pairs.values)
    func expected(_ w: Int32, after v: Int32) -> Double {
      let kinds = Double(before.values.reduce(0, +))
      let low =
        max(Double(before[w] ?? 0) - d1, 0) / kinds + d1 * Double(before.count) / kinds / 9
      let follows = pairs.filter { $0.key[0] == v }
      guard !follows.isEmpty else { return low }
      let total = Double(follows.values.reduce(0, +))
      return max(Double(pairs[[v, w]] ?? 0) - d2, 0) / total
        + d2 * Double(follows.count) / total * low
    }
    let model = KneserNeyModel(counts(documents, order: 2, vocabulary: 10), begin: 0)
    #expect(abs(model.discounts[0] - d1) < 1e-15 && abs(model.discounts[1] - d2) < 1e-15)
    for v in Int32(0)..<10 {
      for w in Int32(1)..<10 {
        #expect(abs(model.probability(of: w, after: [v]) - expected(w, after: v)) < 1e-14)
      }
    }
  }

  @Test func `a context that was never seen backs off`() {
    let model = KneserNeyModel(
      counts(documents(3, vocabulary: 9), order: 3, vocabulary: 9), begin: 0)
    #expect(
      model.probability(of: 2, after: [8, 8]) == model.probability(of: 2, after: []))
    #expect(model.probability(of: 2, after: [8, 3]) == model.probability(of: 2, after: [3]))
  }

  @Test func `cross entropy is the mean over predicted tokens`() {
    let documents = documents(5, vocabulary: 9)
    let model = KneserNeyModel(counts(documents, order: 2, vocabulary: 9), begin: 0)
    var sum = 0.0, tokens = 0
    for document in documents {
      for place in 1..<document.count {
        sum -= logarithm(model.probability(of: document[place], after: [document[place - 1]]))
        tokens += 1
      }
    }
    let result = model.crossEntropy(documents)
    #expect(result.tokens == tokens)
    #expect(abs(result.nats - sum / Double(tokens)) < 1e-12)
    #expect(model.crossEntropy([[Int32]]()).tokens == 0)
    // On its own text the bigram knows more than the unigram.
    let unigram = UnigramDistribution(counts(documents, order: 1, vocabulary: 9), begin: 0)
    #expect(result.nats < unigram.crossEntropy(documents).nats)
  }

  @Test func `text without begin tokens is modelled too`() {
    let sequences: [[Int32]] = [[1, 2, 1, 2], [2, 2, 1]]
    let model = KneserNeyModel(counts(sequences, order: 2, vocabulary: 4), begin: nil)
    for context in [[], [1], [2], [3]] as [[Int32]] {
      #expect(abs(model.distribution(after: context[...]).reduce(0, +) - 1) < 1e-12)
    }
  }
}
