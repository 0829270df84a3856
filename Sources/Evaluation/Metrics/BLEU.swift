import Glibc

/// Sentence BLEU as sacreBLEU computes it: 13a tokens, orders 1 to 4 as far as the sentence
/// reaches, exponential smoothing.
///
/// K. Papineni et al., "BLEU", ACL 2002; M. Post, "A call for clarity in reporting BLEU scores",
/// WMT 2018; smoothing method 3 of B. Chen and C. Cherry, WMT 2014.
public enum BLEU {
  static let highestOrder = 4

  /// The score of one sentence against one reference, 0 to 1.
  public static func sentence(_ hypothesis: String, reference: String) -> Double {
    score(Tokenizer13a.tokens(hypothesis), Tokenizer13a.tokens(reference))
  }

  static func score(_ a: [PythonText.Scalars], _ b: [PythonText.Scalars]) -> Double {
    var logarithms = 0.0
    var order = 0
    var smoothing = 1.0
    var hasMatch = false
    while order < highestOrder {
      let ours = Ngrams(a, order: order + 1)
      guard ours.total > 0 else { break }
      order += 1
      let matches = ours.matches(Ngrams(b, order: order))
      if matches > 0 {
        hasMatch = true
        logarithms += log(100 * Double(matches) / Double(ours.total))
      } else {
        smoothing *= 2
        logarithms += log(100 / (smoothing * Double(ours.total)))
      }
    }
    guard hasMatch else { return 0 }
    let brevity = a.count < b.count ? exp(1 - Double(b.count) / Double(a.count)) : 1
    return brevity * exp(logarithms / Double(order)) / 100
  }
}
