/// How often each n-gram of a sequence occurs.
struct Ngrams<Element: Hashable> {
  private(set) var counts: [ArraySlice<Element>: Int] = [:]
  /// All n-grams, each as often as it occurs.
  let total: Int

  init(_ sequence: [Element], order: Int) {
    total = max(0, sequence.count - order + 1)
    for start in 0..<total { counts[sequence[start..<start + order], default: 0] += 1 }
  }

  /// How many n-grams both have, each as often as the one that has it less often.
  func matches(_ other: Ngrams) -> Int {
    counts.reduce(0) { $0 + min($1.value, other.counts[$1.key] ?? 0) }
  }
}
