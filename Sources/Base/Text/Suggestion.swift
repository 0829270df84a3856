/// The candidate that a mistyped `word` most likely meant, if one is near enough.
public func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  let limit = max(1, word.count / 3)
  return candidates.map { (editDistance(word, $0), $0) }.filter { $0.0 <= limit }
    .min { $0 < $1 }?.1
}

/// The number of insertions, deletions and substitutions that turn `a` into `b` (Levenshtein).
public func editDistance(_ a: String, _ b: String) -> Int {
  let b = Array(b)
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let above = row[j + 1]
      row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
      diagonal = above
    }
  }
  return row[b.count]
}
