import Base
import TestSupport
import Testing

@testable import Evaluation

struct MetricPropertyTests {
  /// Texts of few letters, so that they have much in common.
  static func texts(_ count: Int, seed: UInt64) -> [String] {
    var random = SeededGenerator(seed)
    let letters = ["a", "b", "あ", "い", "漢", " ", " ", "\n", ".", "1", "ー", "A"]
    return (0..<count).map { _ in
      (0..<Int.random(in: 0...24, using: &random))
        .map { _ in letters.randomElement(using: &random) ?? "" }.joined()
    }
  }

  @Test(arguments: [Metric.exactMatch, .charF1, .setF1, .bleu, .chrF])
  func scoresAreFractionsAndFullForEqualTexts(metric: Metric) throws {
    let texts = Self.texts(60, seed: 3)
    for a in texts {
      for b in texts {
        let score = try #require(metric.score(a, b))
        #expect(score >= 0 && score <= 1 + 1e-12, "\(metric) \(a.debugDescription)")
      }
      let own = try #require(metric.score(a, a))
      switch metric {
      case .bleu, .chrF:  // Nothing matches in a text without characters.
        let isEmpty = a.allSatisfy { $0 == " " || $0 == "\n" }
        #expect(abs(own - (isEmpty ? 0 : 1)) < 1e-12)
      case .setF1:  // Repeated lines count against recall, as in llm-jp-eval.
        let lines = PythonText.lines(a).map { Array(PythonText.strip($0)) }
        if Set(lines).count == lines.count { #expect(own == 1) }
      default: #expect(own == 1)
      }
    }
  }

  @Test func ratioIsSymmetric() {
    let texts = Self.texts(60, seed: 4)
    for a in texts {
      for b in texts { #expect(TokenSortRatio.percent(a, b) == TokenSortRatio.percent(b, a)) }
    }
  }

  /// The textbook table, as the oracle of the bit-parallel form.
  private func commonSubsequence(_ a: PythonText.Scalars, _ b: PythonText.Scalars) -> Int {
    var row = [Int](repeating: 0, count: b.count + 1)
    for x in a {
      var diagonal = 0
      for (j, y) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = x == y ? diagonal + 1 : max(above, row[j])
        diagonal = above
      }
    }
    return row[b.count]
  }

  @Test func commonSubsequenceAgreesWithTheTable() {
    var random = SeededGenerator(5)
    let letters = Array("abcd".unicodeScalars)
    for _ in 0..<400 {
      let a = (0..<Int.random(in: 0...200, using: &random)).map { _ in
        letters[Int.random(in: 0..<4, using: &random)]
      }
      let b = (0..<Int.random(in: 0...200, using: &random)).map { _ in
        letters[Int.random(in: 0..<4, using: &random)]
      }
      #expect(TokenSortRatio.commonSubsequence(a, b) == commonSubsequence(a, b))
    }
    for count in [63, 64, 65, 128, 129] {
      let a = [Unicode.Scalar](repeating: "x", count: count)
      #expect(TokenSortRatio.commonSubsequence(a, a) == count)
    }
  }
}
