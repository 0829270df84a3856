import Base
import Synchronization

/// The pieces that training starts from: every character, and the strings that occur often.
///
/// Of the strings that occur more than once only those count that cannot be made longer without
/// losing occurrences, which is what the inner nodes of a suffix tree are. They are found by sorting
/// all beginnings of pieces symbol by symbol; the rules for pieces cut most branches short.
struct SeedPieces {
  /// In ascending order of their symbols.
  var keys = PieceKeys()
  /// The natural logarithm of each piece's share.
  var scores: [Double] = []

  init(_ text: TrainingText, settings: UnigramSettings, pool: ThreadPool) {
    let finder = Finder(text, settings)
    let found = Mutex([[Seed]](repeating: [], count: text.scalars.count))
    pool.run(text.scalars.count) { symbol in
      let seeds = finder.seeds(beginningWith: UInt32(symbol))
      found.withLock { $0[symbol] = seeds }
    }
    var seeds = found.withLock { $0 }
    // A cut by weight, ties by order, must leave the order as it is.
    let weights = seeds.joined().map { $0.count * Int($0.length) }.sorted(by: >)
    if weights.count > settings.seedSize {
      let least = weights[settings.seedSize - 1]
      var equal = weights.prefix(settings.seedSize).reversed().prefix { $0 == least }.count
      seeds = seeds.map { group in
        group.filter { seed in
          let weight = seed.count * Int(seed.length)
          guard weight == least else { return weight > least }
          equal -= 1
          return equal >= 0
        }
      }
    }
    var values: [Double] = []
    for (symbol, group) in seeds.enumerated() where symbol > 0 {
      keys.append(CollectionOfOne(UInt32(symbol)))
      values.append(Double(max(1, text.symbolCounts[symbol])))
      for seed in group {
        keys.append(text.symbols[Int(seed.place)..<Int(seed.place) + Int(seed.length)])
        values.append(Double(seed.count * Int(seed.length)))
      }
    }
    let total = values.reduce(0, +)
    scores = values.map { logarithm($0 / total) }
  }

  /// A string by one of its places.
  struct Seed {
    var place: Int32
    var length: Int32
    var count: Int
  }

  /// Sorts the beginnings of pieces.
  private struct Finder: Sendable {
    private let text: TrainingText
    private let rules: PieceRules
    private let characters: [PieceRules.Character]
    /// The places of each symbol, ordered by symbol, and where each symbol's begin.
    private var places: [Int32]
    private var groups: [Int]
    /// How often the word at each place occurs; at its end, which character follows it.
    private var counts: [Int32]

    init(_ text: TrainingText, _ settings: UnigramSettings) {
      self.text = text
      let rules = PieceRules(settings)
      self.rules = rules
      characters = text.scalars.map(rules.character)
      counts = [Int32](repeating: 0, count: text.symbols.count)
      var word = 0
      for place in text.symbols.indices {
        if text.symbols[place] == 0 {
          counts[place] = Int32(bitPattern: text.followers[word])
          word += 1
        } else {
          counts[place] = Int32(clamping: text.counts[word])
        }
      }
      groups = [Int](repeating: 0, count: text.scalars.count + 1)
      for symbol in text.symbols { groups[Int(symbol) + 1] += 1 }
      for symbol in 1..<groups.count { groups[symbol] += groups[symbol - 1] }
      places = [Int32](repeating: 0, count: text.symbols.count)
      var next = groups
      for (place, symbol) in text.symbols.enumerated() {
        places[next[Int(symbol)]] = Int32(place)
        next[Int(symbol)] += 1
      }
    }

    func seeds(beginningWith symbol: UInt32) -> [Seed] {
      guard symbol > 0,
        let prefix = rules.prefix(extending: .init(), by: characters[Int(symbol)])
      else { return [] }
      var group = Array(places[groups[Int(symbol)]..<groups[Int(symbol) + 1]])
      var seeds: [Seed] = []
      visit(&group, 0..<group.count, prefix, &seeds)
      return seeds
    }

    /// Finds the strings that begin with `prefix`, which `group[range]` are the places of.
    private func visit(
      _ group: inout [Int32], _ range: Range<Int>, _ prefix: PieceRules.Prefix,
      _ seeds: inout [Seed]
    ) {
      let depth = prefix.length
      var keys: [UInt64] = []
      keys.reserveCapacity(range.count)
      var count = 0
      for place in group[range] {
        count += Int(counts[Int(place)])
        keys.append(UInt64(text.symbols[Int(place) + depth]) << 32 | UInt64(UInt32(place)))
      }
      guard count > 1 else { return }
      keys.sort()
      if depth > 1, branches(keys, depth), rules.isPiece(prefix) {
        seeds.append(
          Seed(
            place: Int32(truncatingIfNeeded: keys[0]), length: Int32(depth), count: count))
      }
      for (offset, key) in keys.enumerated() {
        group[range.lowerBound + offset] = Int32(truncatingIfNeeded: key)
      }
      var from = 0
      while from < keys.count {
        let symbol = keys[from] >> 32
        var to = from + 1
        while to < keys.count, keys[to] >> 32 == symbol { to += 1 }
        if symbol > 0,
          let longer = rules.prefix(extending: prefix, by: characters[Int(symbol)])
        {
          visit(&group, range.lowerBound + from..<range.lowerBound + to, longer, &seeds)
        }
        from = to
      }
    }

    /// Whether different characters follow a string of `depth` symbols at its places; those beyond
    /// the ends of words count too.
    private func branches(_ keys: [UInt64], _ depth: Int) -> Bool {
      let first = keys[0] >> 32
      guard first == keys[keys.count - 1] >> 32 else { return true }
      guard first == 0 else { return false }
      func follower(_ key: UInt64) -> Int32 {
        counts[Int(UInt32(truncatingIfNeeded: key)) + depth]
      }
      let one = follower(keys[0])
      return UInt32(bitPattern: one) == WordTable.varied || keys.contains { follower($0) != one }
    }
  }
}
