import Base

/// Sums over all segmentations of a word, forwards and backwards.
///
/// Probabilities are multiplied, not their logarithms added: far fewer operations, and no
/// exponential in the inner loop. What would fall below the range of 64-bit floats on a long word is
/// lifted by 2²⁵⁶ whenever it has fallen so far; all positions a piece can still reach are lifted
/// together, and it is remembered how often that had happened at each position.
struct Lattice {
  /// A piece over a stretch of the word.
  private struct Edge {
    var piece: Int32
    var length: Int32
    var probability: Double
  }

  private let longest: Int
  private var edges: [Edge] = []
  private var firstEdges: [Int] = []
  private var forward: [Double] = []
  private var lifts: [Int] = []
  private var backward: [Double] = []

  private static let small = 0x1p-256, lift = 0x1p256

  /// A lattice for pieces of at most `longest` symbols.
  init(longest: Int) { self.longest = longest }

  /// Adds the expected count of each piece in the word at `start`, times `weight`, to `counts`.
  ///
  /// - Parameters:
  ///   - symbols: words each ended by a 0.
  ///   - nodes: a trie whose scores are probabilities.
  /// - Returns: the natural logarithm of the word's probability; negative infinity if no pieces
  ///   spell it.
  mutating func addExpectedCounts(
    of symbols: Span<UInt32>, from start: Int, _ nodes: Span<PieceTrie.Node>, weight: Double,
    to counts: inout [Int64]
  ) -> Double {
    let length = runForward(symbols, start, nodes)
    let whole = forward[length]
    guard whole > 0 else { return -.infinity }
    let wholeLifts = lifts[length]
    while backward.count <= length { backward.append(0) }
    backward[length] = 1
    var lifted = 0
    for position in stride(from: length - 1, through: 0, by: -1) {
      // α·p·β / Z, and 2²⁵⁶ for each lift of Z that α and β together had not.
      let exponent = 256 * (wholeLifts - lifts[position] - lifted)
      let factor =
        exponent < -1000
        ? 0
        : forward[position] / whole * weight
          * Double(sign: .plus, exponent: exponent, significand: 1)
      var sum = 0.0
      for edge in edges[firstEdges[position]..<firstEdges[position + 1]] {
        let through = edge.probability * backward[position + Int(edge.length)]
        sum += through
        counts[Int(edge.piece)] += Int64((through * factor).rounded())
      }
      backward[position] = sum
      if sum < Self.small, sum > 0 {
        for reached in position...min(length, position + longest) { backward[reached] *= Self.lift }
        lifted += 1
      }
    }
    return logarithm(whole) - Double(wholeLifts) * 256 * logarithm(2)
  }

  /// Finds the edges and the forward sums; returns the length of the word.
  private mutating func runForward(
    _ symbols: Span<UInt32>, _ start: Int, _ nodes: Span<PieceTrie.Node>
  ) -> Int {
    edges.removeAll(keepingCapacity: true)
    firstEdges.removeAll(keepingCapacity: true)
    forward.removeAll(keepingCapacity: true)
    lifts.removeAll(keepingCapacity: true)
    forward.append(1)
    var lifted = 0, position = 0
    while symbols[start + position] != 0 {
      if forward[position] < Self.small, forward[position] > 0 {
        for reached in position..<forward.count { forward[reached] *= Self.lift }
        lifted += 1
      }
      lifts.append(lifted)
      firstEdges.append(edges.count)
      if forward.count < position + 2 { forward.append(0) }
      let here = forward[position]
      var node: UInt32 = 0
      var end = position
      while true {
        // The 0 that ends the word leads nowhere.
        let next = nodes[Int(node)].base &+ symbols[start + end]
        let found = nodes[Int(next)]
        guard found.check == node, symbols[start + end] != 0 else { break }
        node = next
        end += 1
        guard found.id >= 0 else { continue }
        while forward.count <= end { forward.append(0) }
        let probability = Double(found.score)
        forward[end] += here * probability
        edges.append(
          Edge(piece: found.id, length: Int32(end - position), probability: probability))
      }
      position += 1
    }
    lifts.append(lifted)
    firstEdges.append(edges.count)
    return position
  }
}
