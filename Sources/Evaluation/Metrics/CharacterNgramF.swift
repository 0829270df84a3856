/// chrF2: the F-score of character n-grams, recall counting four times precision.
///
/// M. Popović, "chrF: character n-gram F-score for automatic MT evaluation", WMT 2015, with the
/// defaults of sacreBLEU: orders 1 to 6, white space left out, orders that one side lacks ignored.
public enum CharacterNgramF {
  static let orders = 1...6
  /// The weight of recall, squared.
  static let beta2 = 4.0

  /// The score of one sentence, 0 to 1.
  public static func sentence(_ hypothesis: String, reference: String) -> Double {
    let a = Array(hypothesis.unicodeScalars.lazy.filter { !PythonText.isSpace($0) })
    let b = Array(reference.unicodeScalars.lazy.filter { !PythonText.isSpace($0) })
    var precision = 0.0
    var recall = 0.0
    var used = 0.0
    for order in orders {
      let ours = Ngrams(a, order: order)
      let theirs = Ngrams(b, order: order)
      guard ours.total > 0, theirs.total > 0 else { break }
      let matches = Double(ours.matches(theirs))
      precision += matches / Double(ours.total)
      recall += matches / Double(theirs.total)
      used += 1
    }
    guard precision + recall > 0 else { return 0 }
    precision /= used
    recall /= used
    return (1 + beta2) * precision * recall / (beta2 * precision + recall)
  }
}
