/// Finds the texts that end a continuation, by their bytes, while it grows.
struct StopTexts {
  private let texts: [[UInt8]]
  private let longest: Int

  /// An empty text ends nothing.
  init(_ texts: [String]) {
    self.texts = texts.filter { !$0.isEmpty }.map { Array($0.utf8) }
    longest = self.texts.map(\.count).max() ?? 0
  }

  /// Where the first stop text begins, if one ends in `bytes` after the first `old` bytes.
  func cut(in bytes: [UInt8], beyond old: Int) -> Int? {
    guard longest > 0 else { return nil }
    let first = max(0, old - longest + 1)
    return (first..<bytes.count).first { place in
      texts.contains { bytes[place...].starts(with: $0) }
    }
  }
}
