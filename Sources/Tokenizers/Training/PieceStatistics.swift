import Base
import Synchronization

/// What the text says about pieces under a model: expected and best-path counts.
///
/// Work is cut by the text alone. Expected counts are summed in fixed point, where order does not
/// matter, so that the same pieces come out on any number of threads.
struct PieceStatistics: Sendable {
  let text: TrainingText
  let longest: Int

  /// How many parts the words are dealt into: enough for many threads, few enough to add up.
  private var shards: Int { min(64, 1 + text.wordCount / 1024) }

  /// The unit of the fixed point: 2³⁰ to the occurrence, a resolution of 10⁻⁹, or as much less as keeps the
  /// occurrences of all pieces together within 64 bits.
  private func scale() -> Double {
    var occurrences = 1.0
    for word in 0..<text.wordCount {
      occurrences += Double(text.counts[word]) * Double(end(of: word) - text.starts[word])
    }
    var scale = 1_073_741_824.0
    while scale * occurrences >= 0x1p62 { scale /= 2 }
    return scale
  }

  private func end(of word: Int) -> Int {
    word + 1 < text.wordCount ? text.starts[word + 1] - 1 : text.symbols.count - 1
  }

  /// How often each piece is expected in the text, over all segmentations by their probability.
  ///
  /// - Parameters:
  ///   - trie: the pieces, each with its probability (not the logarithm) as score.
  ///   - count: the number of pieces.
  /// - Returns: the expected counts, and the mean log likelihood of a word in nats.
  func expectedCounts(_ trie: PieceTrie, count: Int, pool: ThreadPool) -> ([Double], Double) {
    struct Sums {
      var counts: [Int64]
      var likelihood: Int64 = 0
    }
    let scale = scale()
    let sums = Mutex(Sums(counts: [Int64](repeating: 0, count: count)))
    let shards = shards
    pool.run(shards) { shard in
      var own = Sums(counts: [Int64](repeating: 0, count: count))
      var lattice = Lattice(longest: longest)
      for word in stride(from: shard, to: text.wordCount, by: shards) {
        let frequency = Double(text.counts[word])
        let log = lattice.addExpectedCounts(
          of: text.symbols.span, from: text.starts[word], trie.nodes.span,
          weight: frequency * scale, to: &own.counts)
        own.likelihood = own.likelihood.addingClamping(Self.fixed(log * frequency * 1024))
      }
      sums.withLock { sums in
        for piece in own.counts.indices { sums.counts[piece] += own.counts[piece] }
        sums.likelihood = sums.likelihood.addingClamping(own.likelihood)
      }
    }
    let result = sums.withLock { $0 }
    let words = Double(text.counts.reduce(0, +))
    return (
      result.counts.map { Double($0) / scale }, Double(result.likelihood) / 1024 / words
    )
  }

  /// The nearest whole number; a word that no pieces spell has a likelihood of negative infinity.
  static func fixed(_ value: Double) -> Int64 {
    Int64(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
  }

  /// How often each piece is in the best segmentation of the text.
  ///
  /// - Parameter trie: the pieces, each with its log probability as score.
  func bestPathCounts(_ trie: PieceTrie, count: Int, pool: ThreadPool) -> [Int] {
    let counts = Mutex([Int](repeating: 0, count: count))
    let shards = shards
    pool.run(shards) { shard in
      var own = [Int](repeating: 0, count: count)
      var path = BestPath()
      for word in stride(from: shard, to: text.wordCount, by: shards) {
        path.find(text.symbols[text.starts[word]..<end(of: word)], trie)
        for piece in path.pieces { own[Int(piece)] += text.counts[word] }
      }
      counts.withLock { counts in
        for piece in own.indices { counts[piece] += own[piece] }
      }
    }
    return counts.withLock { $0 }
  }
}

/// The best segmentation of a short string.
struct BestPath {
  /// The pieces of the last string, from its end to its beginning.
  private(set) var pieces: [Int32] = []
  /// Their summed score.
  private(set) var score = -Double.infinity
  private var steps: [(score: Double, start: Int, piece: Int32)] = []

  /// Segments `symbols`, every symbol of which is a piece.
  ///
  /// - Parameter isWhole: whether the string itself may be the piece.
  mutating func find(_ symbols: ArraySlice<UInt32>, _ trie: PieceTrie, mayBeWhole: Bool = true) {
    let count = symbols.count
    steps.removeAll(keepingCapacity: true)
    steps.append((0, 0, -1))
    for _ in 0..<count { steps.append((-.infinity, 0, -1)) }
    for start in 0..<count where steps[start].score > -.infinity {
      var node: UInt32 = 0
      var end = start
      while end < count {
        let next = trie.nodes[Int(node)].base &+ symbols[symbols.startIndex + end]
        guard trie.nodes[Int(next)].check == node else { break }
        node = next
        end += 1
        let found = trie.nodes[Int(node)]
        guard found.id >= 0, mayBeWhole || end - start < count else { continue }
        let candidate = steps[start].score + Double(found.score)
        if candidate > steps[end].score { steps[end] = (candidate, start, found.id) }
      }
    }
    score = steps[count].score
    pieces.removeAll(keepingCapacity: true)
    guard score > -.infinity else { return }
    var end = count
    while end > 0 {
      pieces.append(steps[end].piece)
      end = steps[end].start
    }
  }
}
