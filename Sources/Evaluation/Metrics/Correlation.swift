/// Correlations of numbers answered with numbers expected.
public enum Correlation {
  /// The number in an answer: what is left of it without all but digits and points; -2 if that is no
  /// number (llm-jp-eval's rule).
  static func number(inAnswer text: String) -> Double {
    let kept = text.unicodeScalars.filter { ("0"..."9").contains($0) || $0 == "." }
    let digits = kept.filter { $0 != "." }
    guard kept.count - digits.count <= 1, !digits.isEmpty else { return -2 }
    return Double("0" + String(kept) + (kept.last == "." ? "0" : "")) ?? -2
  }

  /// Pearson's coefficient; 0 where it is not defined.
  public static func pearson(_ x: [Double], _ y: [Double]) -> Double {
    precondition(x.count == y.count, "\(x.count) numbers beside \(y.count)")
    guard x.count > 1 else { return 0 }
    let a = centred(x)
    let b = centred(y)
    let covariance = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    let scale = norm(a) * norm(b)
    let value = covariance / scale
    return value.isFinite ? min(1, max(-1, value)) : 0
  }

  /// Spearman's coefficient: Pearson's over ranks, equal numbers sharing the mean of theirs.
  public static func spearman(_ x: [Double], _ y: [Double]) -> Double {
    // A number that is none has no rank; scipy answers NaN, which counts 0.
    if x.contains(where: \.isNaN) || y.contains(where: \.isNaN) { return 0 }
    return pearson(ranks(x), ranks(y))
  }

  /// The ranks from 1, ties sharing their mean.
  static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }

  private static func centred(_ values: [Double]) -> [Double] {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.map { $0 - mean }
  }

  private static func norm(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
