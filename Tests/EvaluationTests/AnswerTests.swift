import Testing

@testable import Evaluation

struct AnswerTests {
  @Test(arguments: [
    ("entailment\n\n### 入力:", "entailment"), ("  答え \n", "答え"), ("\n\nlate", ""), ("", ""),
    ("ＡＢＣ１２３", "ABC123"), ("ｶﾞｷﾞ", "ガギ"), ("か\u{3099}", "が"), ("\u{3000}a\u{3000}", "a"),
    ("a\nb\n\nc", "a\nb"), ("a\r\n\r\nb", "a\r\n\r\nb"), ("a\n \nb", "a\n \nb"),
    ("a\n\n\nb", "a"), ("\u{1C}a\u{1F}", "a"),
  ])
  func predictionIsWhatStandsBeforeTheBlankLine(generation: String, prediction: String) {
    let found = Answer.prediction(from: generation)
    #expect(Array(found.unicodeScalars) == Array(prediction.unicodeScalars))
  }

  @Test func goldKeepsItsWhiteSpace() {
    #expect(Answer.gold(" １ \n") == " 1 \n")
  }

  @Test func metricsCompareCodePoints() {
    // Swift calls these two equal; Python does not.
    #expect(Metric.exactMatch.score("é", "e\u{301}") == 0)
    #expect(Metric.setF1.score("a\r\nb", "a\nb") == 1)
  }
}
