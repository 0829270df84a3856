/// A measure of predictions against expected answers, by llm-jp-eval's name.
///
/// All values are fractions: 1 is the best, 0 the worst (correlations reach down to -1). Texts come
/// in as ``Answer`` made them.
public enum Metric: String, Sendable, CaseIterable, Comparable {
  /// The share of answers equal to the expected one.
  case exactMatch = "exact_match"
  /// The mean similarity of sorted words: see ``TokenSortRatio``.
  case charF1 = "char_f1"
  /// The mean F1 of sets of lines: see ``SetF1``.
  case setF1 = "set_f1"
  /// The mean sentence BLEU with the 13a tokenizer: see ``BLEU``.
  case bleu = "bleu_en"
  /// The mean sentence chrF2: see ``CharacterNgramF``.
  case chrF = "chrf"
  /// Pearson's correlation of the numbers answered with those expected.
  case pearson
  /// Spearman's rank correlation of the numbers answered with those expected.
  case spearman

  /// The metric called `name`; `bleu` and `chrF` are understood too.
  public init?(named name: String) {
    switch name {
    case "bleu": self = .bleu
    case "chrF", "chrf2", "chrF2": self = .chrF
    default:
      guard let metric = Metric(rawValue: name) else { return nil }
      self = metric
    }
  }

  /// Metrics of llm-jp-eval that are not computed here, and what they would need.
  public static let uncomputed: [String: String] = [
    "bleu_ja": "a morphological analyser (MeCab)",
    "bert_score_en_f1": "a neural model (BERTScore)",
    "bert_score_ja_f1": "a neural model (BERTScore)",
    "comet_wmt22": "a neural model (COMET)",
    "code_exec": "a sandbox that runs programs",
    "code_exec_sandbox": "a sandbox that runs programs",
    "pylint_check": "pylint",
    "rouge1": "a morphological analyser",
    "rouge2": "a morphological analyser",
    "rougeLsum": "a morphological analyser",
    "rouge2_scaling": "a morphological analyser",
    "mathematical_equivalence": "a computer algebra system",
  ]

  /// Whether the value belongs to all answers together, not to each.
  public var isCorrelation: Bool { self == .pearson || self == .spearman }

  /// The score of one answer; `nil` for a correlation.
  public func score(_ prediction: String, _ gold: String) -> Double? {
    switch self {
    case .exactMatch: prediction.unicodeScalars.elementsEqual(gold.unicodeScalars) ? 1 : 0
    case .charF1: Double(TokenSortRatio.percent(prediction, gold)) / 100
    case .setF1: SetF1.score(prediction, gold)
    case .bleu: BLEU.sentence(prediction, reference: gold)
    case .chrF: CharacterNgramF.sentence(prediction, reference: gold)
    case .pearson, .spearman: nil
    }
  }

  /// The value over all answers, its standard error, and the score of each.
  ///
  /// - Parameter seed: of the resampling from which a correlation's error comes.
  public func measure(_ answers: [(prediction: String, gold: String)], seed: UInt64) -> Measurement
  {
    guard isCorrelation else {
      let scores = answers.map { score($0.prediction, $0.gold) ?? 0 }
      return Measurement(estimate: .mean(of: scores), scores: scores)
    }
    let given = answers.map { Correlation.number(inAnswer: $0.prediction) }
    let wanted = answers.map { Double($0.gold) ?? .nan }
    let correlate = self == .pearson ? Correlation.pearson : Correlation.spearman
    return Measurement(
      estimate: .bootstrap(count: answers.count, seed: seed) { chosen in
        correlate(chosen.map { wanted[$0] }, chosen.map { given[$0] })
      }, scores: nil)
  }

  /// In the order of the names.
  public static func < (a: Metric, b: Metric) -> Bool { a.rawValue < b.rawValue }
}

/// What a metric says of a set of answers.
public struct Measurement: Equatable, Sendable {
  public let estimate: Estimate
  /// The score of each answer, in order; `nil` for a correlation.
  public let scores: [Double]?
}
