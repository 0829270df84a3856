/// A double-array trie over the symbols of an ``Alphabet``, each node with the piece ending there.
///
/// The child of node `s` by symbol `c` is the node `t = base[s] + c`, if `check[t] == s`. The four
/// things that a step needs lie in 16 bytes, so that a step costs one cache line.
struct PieceTrie: Sendable {
  /// One node, or a free slot.
  struct Node: Sendable {
    /// Where the children begin; 0 for a leaf, which is no one's children's place.
    var base: UInt32 = 0
    /// The parent's index, `.max` in a free slot.
    var check: UInt32 = .max
    /// The score of the piece ending here.
    var score: Float = 0
    /// The id of the piece ending here, -1 for none.
    var id: Int32 = -1
  }

  /// The root is node 0.
  private(set) var nodes: [Node]
  /// The node at which each piece ends, by its index in the list the trie was built from; 0 for a
  /// piece that is there twice.
  private(set) var places: [Int32]

  /// Builds the trie of pieces that stand in ascending order; of equal ones the first counts.
  ///
  /// Each node's piece is its index in `pieces` until ``assign(ids:scores:)``. Symbols must not be
  /// 0, nor pieces empty.
  init(sorted pieces: PieceKeys) {
    var plan = Plan(pieces)
    (nodes, places) = plan.placed()
  }

  /// Builds the trie of pieces in any order, with their ids and scores.
  init(_ pieces: PieceKeys, ids: [Int32], scores: [Float]) {
    let order = pieces.ascendingOrder()
    self.init(sorted: PieceKeys(order.lazy.map { pieces[$0] }))
    assign(ids: order.map { ids[$0] }, scores: order.map { scores[$0] })
  }

  /// Gives the pieces new ids and scores, in the order in which the trie was built.
  mutating func assign(ids: [Int32], scores: [Float]) {
    for (piece, place) in places.enumerated() where place > 0 {
      nodes[Int(place)].id = ids[piece]
      nodes[Int(place)].score = scores[piece]
    }
  }

  /// Takes the pieces with these indices out of the search, or gives the others new scores.
  mutating func assign(scores: [Float], where isAlive: [Bool]) {
    for (piece, place) in places.enumerated() where place > 0 {
      nodes[Int(place)].id = isAlive[piece] ? Int32(piece) : -1
      nodes[Int(place)].score = scores[piece]
    }
  }

  /// A trie whose nodes are known but have no place yet.
  private struct Plan {
    private let pieces: PieceKeys
    private var ranges: [Range<Int>]
    private var depths: [Int32] = [0]
    private var terminal: [Int32] = [-1]  // the piece that ends at the node
    private var children: [Range<Int>] = []  // of each node, in `symbols`; child k is node k + 1
    private var symbols: [UInt32] = []

    init(_ pieces: PieceKeys) {
      self.pieces = pieces
      ranges = [0..<pieces.count]
      var next = 0
      while next < ranges.count {
        expand(next)
        next += 1
      }
    }

    private mutating func expand(_ node: Int) {
      let first = symbols.count, depth = Int(depths[node])
      var at = ranges[node].lowerBound
      let end = ranges[node].upperBound
      // Pieces that end at this node come first in their range.
      while at < end, pieces.length(at) == depth {
        if terminal[node] < 0 { terminal[node] = Int32(at) }
        at += 1
      }
      while at < end {
        let symbol = pieces.symbol(at, depth)
        var to = at + 1
        while to < end, pieces.symbol(to, depth) == symbol { to += 1 }
        symbols.append(symbol)
        ranges.append(at..<to)
        depths.append(Int32(depth + 1))
        terminal.append(-1)
        at = to
      }
      children.append(first..<symbols.count)
    }

    /// Gives every node its place: those with the most children first, because they are the
    /// hardest to fit; only children then fill the holes.
    mutating func placed() -> (nodes: [Node], places: [Int32]) {
      var slots = Slots()
      var bases = [Int](repeating: 0, count: ranges.count)
      var widths = children.map(\.count)
      widths[0] = .max  // the root first, so that its children lie together at the front
      let order = widths.indices.sorted { (widths[$1], $0) < (widths[$0], $1) }
      for node in order where !children[node].isEmpty {
        bases[node] = slots.place(symbols[children[node]])
      }
      var places = [Int](repeating: 0, count: ranges.count)
      for node in ranges.indices {
        for child in children[node] { places[child + 1] = bases[node] + Int(symbols[child]) }
      }
      // Beyond the last node lie free slots, so that a step from any node stays inside.
      let widest = Int(symbols.max() ?? 0) + 1
      let highest = max(places.max() ?? 0, bases.max() ?? 0)
      var nodes = [Node](repeating: Node(), count: highest + widest + 1)
      var ends = [Int32](repeating: 0, count: pieces.count)
      for node in ranges.indices {
        let place = places[node]
        nodes[place].base = UInt32(bases[node])
        for child in children[node] { nodes[places[child + 1]].check = UInt32(place) }
        if terminal[node] >= 0 {
          nodes[place].id = terminal[node]
          ends[Int(terminal[node])] = Int32(place)
        }
      }
      return (nodes, ends)
    }
  }

  /// The free slots of the array being built, by first fit.
  private struct Slots {
    /// For each slot the next free one at or after it, found by following and shortening.
    private var next: [Int] = Array(0...1024)
    private var start = 1
    private var width = 0

    init() { take(0) }

    /// A base under which all `symbols` fall on free slots, which are then taken.
    mutating func place(_ symbols: ArraySlice<UInt32>) -> Int {
      let first = Int(symbols.min()!)
      // Nodes come by descending width; within one width the search goes on from the last place.
      if symbols.count != width { (width, start) = (symbols.count, 1) }
      var slot = free(from: max(start, first + 1))
      while true {
        let base = slot - first
        if symbols.allSatisfy({ isFree(base + Int($0)) }) {
          for symbol in symbols { take(base + Int(symbol)) }
          start = slot
          return base
        }
        slot = free(from: slot + 1)
      }
    }

    private func isFree(_ slot: Int) -> Bool { slot >= next.count || next[slot] == slot }

    private mutating func take(_ slot: Int) {
      grow(to: slot + 1)
      next[slot] = slot + 1
    }

    private mutating func free(from slot: Int) -> Int {
      grow(to: slot)
      var root = slot
      while next[root] != root {
        root = next[root]
        grow(to: root)
      }
      var at = slot
      while next[at] != root, at != root { (at, next[at]) = (next[at], root) }
      return root
    }

    private mutating func grow(to slot: Int) {
      while next.count <= slot { next.append(next.count) }
    }
  }
}
