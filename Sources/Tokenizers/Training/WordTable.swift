/// Counts strings of bytes, each kept once in one array, and remembers what comes after them.
struct WordTable: Sendable {
  private(set) var storage: [UInt8] = []
  private var offsets: [Int] = [0]
  private(set) var counts: [Int] = []
  /// The character that follows each word wherever it occurs; `varied` if there are several.
  private(set) var followers: [UInt32] = []
  private var table = [Int32](repeating: -1, count: 1024)

  /// The number of different words.
  var count: Int { counts.count }

  /// The bytes of a word; words are numbered in the order in which they first came.
  subscript(word: Int) -> ArraySlice<UInt8> { storage[offsets[word]..<offsets[word + 1]] }

  /// The follower of a word that different characters follow.
  static let varied = UInt32.max

  /// Counts one more of `word`, with the character after it, or 0 at the end of a text.
  mutating func add(_ word: ArraySlice<UInt8>, before follower: UInt32) {
    var slot = Vocabulary.hash(word) & (table.count - 1)
    while table[slot] >= 0 {
      let other = Int(table[slot])
      if offsets[other + 1] - offsets[other] == word.count, self[other] == word {
        counts[other] += 1
        if followers[other] != follower { followers[other] = Self.varied }
        return
      }
      slot = (slot + 1) & (table.count - 1)
    }
    table[slot] = Int32(count)
    storage.append(contentsOf: word)
    offsets.append(storage.count)
    counts.append(1)
    followers.append(follower)
    if 2 * count > table.count { grow() }
  }

  private mutating func grow() {
    table = [Int32](repeating: -1, count: 2 * table.count)
    for word in 0..<count {
      var slot = Vocabulary.hash(self[word]) & (table.count - 1)
      while table[slot] >= 0 { slot = (slot + 1) & (table.count - 1) }
      table[slot] = Int32(word)
    }
  }
}
