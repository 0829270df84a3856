/// The similarity that llm-jp-eval calls `char_f1`: fuzzywuzzy's `token_sort_ratio`.
///
/// Not a bag-of-characters F1: both texts are cleaned, their words sorted, and what has to be
/// inserted and deleted to make one out of the other is counted.
public enum TokenSortRatio {
  /// The similarity from 0 to 100.
  public static func percent(_ a: String, _ b: String) -> Int {
    ratio(sortedWords(a), sortedWords(b))
  }

  /// The words of a text, cleaned, sorted by code point, joined with spaces.
  ///
  /// Cleaning drops U+0080 to U+00FF (the package's idea of forcing ASCII; Japanese stays), makes
  /// a space of all that is neither letter nor number, and lower-cases.
  static func sortedWords(_ text: String) -> PythonText.Scalars {
    let kept = text.unicodeScalars.lazy.filter { !(0x80...0xFF).contains($0.value) }
    let spaced = kept.map { PythonText.isWord($0) ? $0 : " " }
    let words = PythonText.split(PythonText.lowercase(Array(spaced)))
      .sorted { $0.lexicographicallyPrecedes($1) }
    return Array(words.joined(separator: [" "]))
  }

  /// 100 for equal texts, 0 if one is empty, else 100 (1 − d / (|a| + |b|)), rounded to even, where
  /// d counts insertions and deletions.
  static func ratio(_ a: PythonText.Scalars, _ b: PythonText.Scalars) -> Int {
    if a == b { return 100 }
    if a.isEmpty || b.isEmpty { return 0 }
    let length = a.count + b.count
    let distance = length - 2 * commonSubsequence(a, b)
    // In the peer's order of operations, so that halves round as there.
    let similarity = 1 - Double(distance) / Double(length)
    return Int((100 * similarity).rounded(.toNearestOrEven))
  }

  /// The length of the longest common subsequence, 64 characters of `a` at a time.
  ///
  /// Hyyrö's bit-vector recurrence V ← (V + (V & M)) | (V & ~M), where a zero of V marks a row in
  /// which the length grows (H. Hyyrö, "Bit-parallel LCS-length computation revisited", 2004).
  /// - Complexity: O(|a| |b| / 64).
  static func commonSubsequence(_ a: PythonText.Scalars, _ b: PythonText.Scalars) -> Int {
    let words = (a.count + 63) / 64
    var places: [Unicode.Scalar: [UInt64]] = [:]
    for (index, scalar) in a.enumerated() {
      places[scalar, default: [UInt64](repeating: 0, count: words)][index / 64] |=
        1 << UInt64(index % 64)
    }
    var row = [UInt64](repeating: .max, count: words)
    for scalar in b {
      guard let matches = places[scalar] else { continue }
      var carry: UInt64 = 0
      for word in 0..<words {
        let hits = row[word] & matches[word]
        let (once, over) = row[word].addingReportingOverflow(hits)
        let (sum, overAgain) = once.addingReportingOverflow(carry)
        carry = over || overAgain ? 1 : 0
        row[word] = sum | (row[word] & ~matches[word])
      }
    }
    // Bits beyond |a| never match, so they stay ones and are not counted.
    return row.reduce(0) { $0 + (~$1).nonzeroBitCount }
  }
}
