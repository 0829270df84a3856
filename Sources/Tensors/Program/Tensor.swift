/// A matrix of a program being recorded: a handle, no memory yet.
///
/// Several tensors may be columns of one buffer, as queries, keys and values of one fused product are.
public struct Tensor: Sendable {
  /// Which buffer of the recorder.
  let buffer: Int
  /// The first column within the buffer's rows.
  let column: Int
  /// Elements from one row of the buffer to the next.
  let stride: Int
  /// Elements of a row.
  public let columns: Int
  /// Rows there is room for, and how many count.
  public let rows: Rows

  /// The columns `range` of this tensor.
  public func columns(_ range: Range<Int>) -> Tensor {
    precondition(range.upperBound <= columns, "columns \(range) of \(columns)")
    return Tensor(
      buffer: buffer, column: column + range.lowerBound, stride: stride, columns: range.count,
      rows: rows)
  }

  /// Cuts the columns into parts of the given widths.
  public func split(_ widths: [Int]) -> [Tensor] {
    var begin = 0
    return widths.map { width in
      defer { begin += width }
      return columns(begin..<begin + width)
    }
  }
}
