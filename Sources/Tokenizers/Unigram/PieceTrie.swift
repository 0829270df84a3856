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
  let nodes: [Node]

  /// Builds the trie of `pieces`; of equal ones the first counts. Symbols must not be 0.
  init(_ pieces: [(symbols: [UInt32], id: Int32, score: Float)]) {
    let sorted = pieces.indices.sorted {
      pieces[$0].symbols.lexicographicallyPrecedes(pieces[$1].symbols)
        || (pieces[$0].symbols == pieces[$1].symbols && $0 < $1)
    }
    var plan = Plan(root: 0..<sorted.count)
    var next = 0
    while next < plan.ranges.count {
      plan.expand(next, sorted: sorted, pieces: pieces)
      next += 1
    }
    nodes = plan.placed(pieces)
  }

  /// A trie whose nodes are known but have no place yet.
  private struct Plan {
    var ranges: [Range<Int>]
    var depths: [Int] = [0]
    var terminal: [Int] = [-1]  // index of the piece that ends here
    var children: [Range<Int>] = []  // of each node, in `symbols`; child k is node k + 1
    var symbols: [UInt32] = []

    init(root: Range<Int>) { ranges = [root] }

    mutating func expand(
      _ node: Int, sorted: [Int], pieces: [(symbols: [UInt32], id: Int32, score: Float)]
    ) {
      let first = symbols.count
      var at = ranges[node].lowerBound
      let end = ranges[node].upperBound, depth = depths[node]
      // Pieces that end at this node come first in their range.
      while at < end, pieces[sorted[at]].symbols.count == depth {
        if terminal[node] < 0, depth > 0 { terminal[node] = sorted[at] }
        at += 1
      }
      while at < end {
        let symbol = pieces[sorted[at]].symbols[depth]
        var to = at + 1
        while to < end, pieces[sorted[to]].symbols[depth] == symbol { to += 1 }
        symbols.append(symbol)
        ranges.append(at..<to)
        depths.append(depth + 1)
        terminal.append(-1)
        at = to
      }
      children.append(first..<symbols.count)
    }

    /// Gives every node its place: those with the most children first, because they are the
    /// hardest to fit; only children then fill the holes.
    func placed(_ pieces: [(symbols: [UInt32], id: Int32, score: Float)]) -> [Node] {
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
      let used = places.max() ?? 0
      var nodes = [Node](repeating: Node(), count: max(used, bases.max() ?? 0) + widest + 1)
      for node in ranges.indices {
        nodes[places[node]].base = UInt32(bases[node])
        for child in children[node] { nodes[places[child + 1]].check = UInt32(places[node]) }
        if terminal[node] >= 0 {
          nodes[places[node]].id = pieces[terminal[node]].id
          nodes[places[node]].score = pieces[terminal[node]].score
        }
      }
      return nodes
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
