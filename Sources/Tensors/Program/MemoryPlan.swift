/// Where each buffer of a program lies in its arena.
///
/// Buffers whose lives do not meet share memory. Greedy: the largest first, each into the smallest
/// gap between already placed neighbours in time that holds it.
struct MemoryPlan {
  /// A buffer's size in elements and the first and last step that touch it.
  struct Life {
    let count: Int
    var first: Int
    var last: Int
  }

  /// The first element of each buffer.
  let offsets: [Int]
  /// Elements of the arena.
  let count: Int

  /// Elements that offsets are a multiple of: 512 bytes of fp32, which suits every device.
  static let alignment = 128

  /// Plans for buffers with the given lives; nil: the buffer lives elsewhere.
  init(_ lives: [Life?]) {
    var offsets = [Int](repeating: 0, count: lives.count)
    let order = lives.enumerated().compactMap { index, life in life.map { (index, $0) } }
      .filter { $0.1.count > 0 }
      .sorted { ($1.1.count, $0.0) < ($0.1.count, $1.0) }
    var placed: [(begin: Int, end: Int, life: Life)] = []
    var total = 0
    for (index, life) in order {
      let size = (life.count + Self.alignment - 1) / Self.alignment * Self.alignment
      let neighbours = placed.filter { $0.life.first <= life.last && life.first <= $0.life.last }
        .sorted { $0.begin < $1.begin }
      var best: (offset: Int, gap: Int)?
      var cursor = 0
      for neighbour in neighbours {
        let gap = neighbour.begin - cursor
        if gap >= size, gap < best?.gap ?? Int.max { best = (cursor, gap) }
        cursor = max(cursor, neighbour.end)
      }
      let offset = best?.offset ?? cursor
      offsets[index] = offset
      placed.append((offset, offset + size, life))
      total = max(total, offset + size)
    }
    self.offsets = offsets
    count = total
  }
}
