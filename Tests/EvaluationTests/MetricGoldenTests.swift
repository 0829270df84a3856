import Base
import TestSupport
import Testing

@testable import Evaluation

/// The metrics against the programs that define them; Goldens/metrics.py says which and how.
struct MetricGoldenTests {
  struct Pair {
    let hypothesis: String, reference: String
    let ratio: Int
    let setF1: Double, bleu: Double, chrF: Double
  }

  static func pairs() throws -> [Pair] {
    let file = Path(#filePath).parent / "Goldens" / "metrics.json"
    let rows = try JSON.read(file)["pairs"]?.array ?? []
    return rows.compactMap { row in
      guard let a = row[0]?.string, let b = row[1]?.string, let ratio = row[2]?.int,
        let setF1 = row[3]?.double, let bleu = row[4]?.double, let chrF = row[5]?.double
      else { return nil }
      return Pair(hypothesis: a, reference: b, ratio: ratio, setF1: setF1, bleu: bleu, chrF: chrF)
    }
  }

  @Test func pairsAgreeWithThePeers() throws {
    let pairs = try Self.pairs()
    #expect(pairs.count > 500)
    for pair in pairs {
      let (a, b) = (pair.hypothesis, pair.reference)
      #expect(
        TokenSortRatio.percent(a, b) == pair.ratio, "\(a.debugDescription) \(b.debugDescription)")
      #expect(SetF1.score(a, b) == pair.setF1, "\(a.debugDescription) \(b.debugDescription)")
      let bleu = BLEU.sentence(a, reference: b)
      #expect(abs(bleu - pair.bleu / 100) < 1e-12, "\(a.debugDescription) \(b.debugDescription)")
      let chrF = CharacterNgramF.sentence(a, reference: b)
      #expect(abs(chrF - pair.chrF / 100) < 1e-12, "\(a.debugDescription) \(b.debugDescription)")
    }
  }

  /// Blocks of Unicode whose characters have not changed since version 12.
  static let stableBlocks: [ClosedRange<UInt32>] = [
    0...591, 592...687, 688...767, 768...879, 913...929, 931...1023, 1024...1153, 1162...1327,
    7680...7935, 8192...8292, 8304...8305, 8308...8334, 8448...8587, 8592...9215, 9312...11123,
    12289...12351, 12353...12438, 12441...12543, 12593...12686, 12800...13311, 13312...19893,
    19968...40943, 40960...42124, 44032...55203, 63744...64109, 65281...65470, 127232...127244,
    127744...128511,
  ]

  private func hash(of describe: (Unicode.Scalar) -> String, separator: String) -> String {
    let texts = Self.stableBlocks.joined().compactMap { Unicode.Scalar($0).map(describe) }
    return SHA256.hex(of: Array(texts.joined(separator: separator).utf8))
  }

  /// SHA-256 over the blocks: `re.match(r"\w", c)`, `c.isspace()`, `c.lower()`,
  /// `unicodedata.normalize("NFKC", c)`; Python 3.11.2.
  @Test func charactersAreClassedAsInPython() {
    #expect(
      hash(of: { PythonText.isWord($0) ? "1" : "0" }, separator: "")
        == "1f0a9935ee90e20c7ea273bc63cee803f3dedce446f080e5bf2fa4a02dad941b")
    #expect(
      hash(of: { PythonText.isSpace($0) ? "1" : "0" }, separator: "")
        == "ef2f3ea24c1fd257c32e22f84fbbcf4df649982454a9e83562ec6303b563ba20")
    #expect(
      hash(of: { text(PythonText.lowercase([$0])) }, separator: "\n")
        == "e693df8a88b70a702b4058650c8856b347ef33a5dbba2af75791fe47dede51c3")
    #expect(
      hash(of: { Answer.gold(String($0)) }, separator: "\n")
        == "ff8392ea999bda2708dcf8c502d6f375b5746711b7eb5a95e3f051c796e0e865")
  }

  @Test(arguments: [
    ("ΣΊΣΥΦΟΣ ΟΔΟΣ", "σίσυφος οδος"), ("Σ", "σ"), ("ΑΣ.", "ας."), ("ΑΣ\u{301}Α", "ασ\u{301}α"),
    ("İI", "i\u{307}i"),
  ])
  func lowercaseKnowsTheFinalSigma(upper: String, lower: String) {
    #expect(text(PythonText.lowercase(Array(upper.unicodeScalars))) == lower)
  }

  private func text(_ scalars: PythonText.Scalars) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }

  @Test(arguments: [
    ("0", 0.0), ("5点", 5), ("3.1.", -2), ("約1.5", 1.5), ("2.", 2), (".9", 0.9), ("分からない", -2),
    (".", -2), ("-3", 3), ("１", -2),
  ])
  func numbersAreReadAsLlmJpEvalDoes(text: String, number: Double) {
    #expect(Correlation.number(inAnswer: text) == number)
  }

  /// scipy 1.17.1: pearsonr(x, y)[0], spearmanr(x, y)[0].
  @Test func correlationsAgreeWithScipy() {
    let x: [Double] = [1, 2, 2, 3, 5, 8, 8, 8]
    let y: [Double] = [2.5, 1, 1, 7, 6, 6, 9, 10]
    #expect(abs(Correlation.pearson(x, y) - 0.8296045834071417) < 1e-14)
    #expect(abs(Correlation.spearman(x, y) - 0.7827445953659216) < 1e-14)
    let answers = [
      ("0", "0.0"), ("5点", "5.0"), ("3.1.", "3.2"), ("約1.5", "1.4"), ("2.", "2.0"), (".9", "4.6"),
      ("分からない", "3.2"), ("0.8", "0.8"),
    ].map { (prediction: $0.0, gold: $0.1) }
    let pearson = Metric.pearson.measure(answers, seed: 1)
    #expect(abs(pearson.estimate.value - 0.2628215137055981) < 1e-14)
    #expect(pearson.scores == nil)
    let spearman = Metric.spearman.measure(answers, seed: 1)
    #expect(abs(spearman.estimate.value - 0.25301204819277107) < 1e-14)
    #expect(Correlation.pearson([1, 1, 1], [1, 2, 3]) == 0)
    #expect(Correlation.pearson([1], [1]) == 0)
    #expect(Correlation.pearson([.infinity, 1, 2], [1, 2, 3]) == 0)
  }
}
