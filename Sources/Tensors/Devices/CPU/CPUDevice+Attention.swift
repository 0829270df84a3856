import Base
import CKernels

/// Attention in tiles of 64 queries, one task a stretch of 64 rows and key head.
extension CPUDevice {
  private static let tile = Int(KAJI_ATTENTION_TILE)

  private func kernelShape(_ shape: AttentionShape) -> kaji_attention_shape {
    kaji_attention_shape(
      head_size: Int32(shape.headSize), group: Int32(shape.group), scale: Float(shape.scale),
      full: !shape.isCausal)
  }

  /// The heads of `matrix` from (row, head) on.
  private func heads(_ matrix: Matrix, row: Int, head: Int, of shape: AttentionShape)
    -> kaji_heads
  {
    unsafe kaji_heads(base: matrix.at(row, head * shape.headSize), stride: matrix.stride)
  }

  public func attentionScratch(rows: Int, shape: AttentionShape) -> Int {
    // What is bf16 at last is summed over queries and heads in fp32.
    precision.isHalf ? 2 * rows * shape.keyHeads * shape.headSize : 0
  }

  public func attention(
    _ q: Matrix, _ k: Matrix, _ v: Matrix, shape: AttentionShape, mask: AttentionMask,
    output: Matrix, logSumExp: Matrix?, rows: Rows
  ) {
    let count = rows.count
    let first = unsafe mask.first.indices
    let last = unsafe mask.last?.indices
    func lastKey(_ row: Int) -> Int { unsafe last.map { Int(unsafe $0[row]) } ?? row }
    /// Whether a tile begins at `row`: the queries before it are of another sequence, or fill a tile.
    func begins(_ row: Int) -> Bool {
      let start = Int(unsafe first[row])
      return row == 0 || start != Int(unsafe first[row - 1]) || lastKey(row) != lastKey(row - 1) + 1
        || (lastKey(row) - start) % Self.tile == 0
    }
    let units = (count + Self.tile - 1) / Self.tile
    let attend = unsafe rowKernels(q).attention_tile!
    pool.run(units * shape.keyHeads) { task in
      let (unit, head) = (task / shape.keyHeads, task % shape.keyHeads)
      var row = unit * Self.tile
      let end = min(count, row + Self.tile)
      while row < end, !begins(row) { row += 1 }
      while row < end {
        var next = row + 1
        while next < count, !begins(next) { next += 1 }
        let start = Int(unsafe first[row])
        let queryHead = head * shape.group
        var last = lastKey(row)
        if !shape.isCausal {
          while last + 1 < count, Int(unsafe first[last + 1]) == start { last += 1 }
        }
        unsafe attend(
          kernelShape(shape), Int32(next - row), Int64(last - start + 1),
          heads(q, row: row, head: queryHead, of: shape),
          heads(k, row: start, head: head, of: shape),
          heads(v, row: start, head: head, of: shape),
          heads(output, row: row, head: queryHead, of: shape),
          logSumExp.map { unsafe $0.floats + row * $0.stride + queryHead },
          logSumExp?.stride ?? 0)
        row = next
      }
    }
  }

  public func attentionGradient(_ g: AttentionGradient, shape: AttentionShape, rows: Rows) {
    let count = rows.count
    let first = unsafe g.first.indices
    let isHalf = g.dk.view.isHalf
    let half = g.scratch.count / 2
    let dk = isHalf ? Matrix(g.scratch.slice(0..<half), columns: g.dk.columns) : g.dk
    let dv = isHalf ? Matrix(g.scratch.slice(half..<2 * half), columns: g.dv.columns) : g.dv
    let differentiate = unsafe rowKernels(g.q).attention_document!
    let units = (count + Self.tile - 1) / Self.tile
    pool.run(units * shape.keyHeads) { task in
      let (unit, head) = (task / shape.keyHeads, task % shape.keyHeads)
      var row = unit * Self.tile
      let end = min(count, row + Self.tile)
      // A document belongs to the stretch it begins in.
      while row < end, Int(unsafe first[row]) != row { row += 1 }
      while row < end {
        var next = row + 1
        while next < count, Int(unsafe first[next]) == row { next += 1 }
        let queryHead = head * shape.group
        unsafe differentiate(
          kernelShape(shape), Int64(next - row),
          heads(g.q, row: row, head: queryHead, of: shape),
          heads(g.k, row: row, head: head, of: shape),
          heads(g.v, row: row, head: head, of: shape),
          heads(g.output, row: row, head: queryHead, of: shape),
          heads(g.dOutput, row: row, head: queryHead, of: shape),
          g.logSumExp.floats + row * g.logSumExp.stride + queryHead, g.logSumExp.stride,
          heads(g.dq, row: row, head: queryHead, of: shape),
          heads(dk, row: row, head: head, of: shape),
          heads(dv, row: row, head: head, of: shape))
        row = next
      }
    }
    guard isHalf else { return }
    chunks(count, Self.tile) { range in
      for t in range {
        for (sums, target) in [(dk, g.dk), (dv, g.dv)] {
          unsafe kernels.narrow(
            Int64(target.columns), sums.floats + t * sums.stride, target.at(t), false)
        }
      }
    }
  }
}
