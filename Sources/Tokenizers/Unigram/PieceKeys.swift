/// Many pieces as strings of symbols, in two arrays.
struct PieceKeys: Sendable {
  private(set) var symbols: [UInt32] = []
  private var offsets: [Int] = [0]

  init() {}

  init(_ pieces: some Sequence<ArraySlice<UInt32>>) {
    for piece in pieces { append(piece) }
  }

  var count: Int { offsets.count - 1 }
  var indices: Range<Int> { 0..<count }

  subscript(piece: Int) -> ArraySlice<UInt32> { symbols[offsets[piece]..<offsets[piece + 1]] }

  func length(_ piece: Int) -> Int { offsets[piece + 1] - offsets[piece] }

  func symbol(_ piece: Int, _ position: Int) -> UInt32 { symbols[offsets[piece] + position] }

  mutating func append(_ piece: some Collection<UInt32>) {
    symbols.append(contentsOf: piece)
    offsets.append(symbols.count)
  }

  /// The pieces whose mark is set, in the same order.
  func filtered(_ keep: [Bool]) -> PieceKeys {
    PieceKeys((0..<count).lazy.filter { keep[$0] }.map { self[$0] })
  }

  /// The indices of the pieces in the order of their symbols, of equal ones in theirs.
  func ascendingOrder() -> [Int] {
    (0..<count).sorted { a, b in
      let left = self[a], right = self[b]
      for (x, y) in zip(left, right) where x != y { return x < y }
      return (left.count, a) < (right.count, b)
    }
  }
}
