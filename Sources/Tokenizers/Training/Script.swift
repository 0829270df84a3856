/// The writing system of a character, as far as pieces must not mix them.
///
/// Han, Hiragana and Katakana count as one, because Japanese words do mix them; the long vowel mark
/// belongs to it. Characters without a script of their own (punctuation, digits, symbols) are
/// `common`, combining marks `inherited`.
struct Script: Equatable, Sendable {
  static let common = Script(number: 0)
  static let inherited = Script(number: 1)

  let number: UInt8

  private init(number: UInt8) { self.number = number }

  /// The script of a code point, found by halving; common where Unicode has none.
  init(of scalar: UInt32) {
    var low = 0, high = Self.runs.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Self.runs[middle] >> 8 <= scalar { low = middle } else { high = middle }
    }
    number = UInt8(truncatingIfNeeded: Self.runs[low])
  }
}
