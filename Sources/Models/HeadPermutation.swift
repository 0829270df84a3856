/// The two orders in which files keep the rows of a query or key matrix.
///
/// Rotary positions turn pairs of a head's elements. Hugging Face pairs element i with i + d/2 (halves),
/// GGUF 2i with 2i + 1 (pairs).
public struct HeadPermutation: Sendable {
  let heads: Int
  /// Elements of a row.
  let rowLength: Int

  public init(heads: Int, rowLength: Int) {
    self.heads = heads
    self.rowLength = rowLength
  }

  /// From halves to pairs.
  public func pairs(_ values: [Float]) -> [Float] { permuted(values, toPairs: true) }

  /// From pairs to halves.
  public func halves(_ values: [Float]) -> [Float] { permuted(values, toPairs: false) }

  private func permuted(_ values: [Float], toPairs: Bool) -> [Float] {
    let size = values.count / heads / rowLength  // elements of a head
    precondition(
      size % 2 == 0 && values.count == heads * size * rowLength,
      "\(values.count) elements of \(heads) heads of rows of \(rowLength)")
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for head in 0..<heads {
      for row in 0..<size {
        let source =
          toPairs ? row % 2 * (size / 2) + row / 2 : row % (size / 2) * 2 + row / (size / 2)
        let begin = (head * size + source) * rowLength
        result += values[begin..<begin + rowLength]
      }
    }
    return result
  }
}
