import Glibc

/// Attention by its definition, with every probability at hand.
extension ReferenceDevice {
  public func attention(
    _ q: Matrix, _ k: Matrix, _ v: Matrix, shape: AttentionShape, mask: AttentionMask,
    output: Matrix, logSumExp: Matrix?, rows: Rows
  ) {
    for t in 0..<rows.referenceCount {
      let first = mask.first.integer(t)
      let last = mask.last?.integer(t) ?? last(of: t, mask.first, shape, rows)
      for h in 0..<shape.heads {
        let scores = scores(q, k, row: t, head: h, keys: first...last, shape)
        let peak = scores.reduce(-Double.infinity, max)
        let total = scores.reduce(0) { $0 + exp($1 - peak) }
        logSumExp?[t, h] = peak + log(total)
        let (base, keyBase) = (h * shape.headSize, h / shape.group * shape.headSize)
        for c in 0..<shape.headSize {
          output[t, base + c] =
            scores.indices.reduce(0) {
              $0 + exp(scores[$1] - peak) * v[first + $1, keyBase + c]
            } / total
        }
      }
    }
  }

  public func attentionGradient(_ g: AttentionGradient, shape: AttentionShape, rows: Rows) {
    let count = rows.referenceCount
    // Whole sums, which are rounded once.
    var dq = [Double](repeating: 0, count: count * g.dq.columns)
    var dk = [Double](repeating: 0, count: count * g.dk.columns)
    var dv = dk
    for t in 0..<count {
      let first = g.first.integer(t)
      for h in 0..<shape.heads {
        let (base, keyBase) = (h * shape.headSize, h / shape.group * shape.headSize)
        let last = last(of: t, g.first, shape, rows)
        let scores = scores(g.q, g.k, row: t, head: h, keys: first...last, shape)
        let elements = 0..<shape.headSize
        let d = elements.reduce(0) { $0 + g.dOutput[t, base + $1] * g.output[t, base + $1] }
        for j in first...last {
          let p = exp(scores[j - first] - g.logSumExp[t, h])
          let dp = elements.reduce(0) { $0 + g.dOutput[t, base + $1] * g.v[j, keyBase + $1] }
          let ds = p * (dp - d) * shape.scale
          for c in elements {
            dq[t * g.dq.columns + base + c] += ds * g.k[j, keyBase + c]
            dk[j * g.dk.columns + keyBase + c] += ds * g.q[t, base + c]
            dv[j * g.dk.columns + keyBase + c] += p * g.dOutput[t, base + c]
          }
        }
      }
    }
    for t in 0..<count {
      for c in 0..<g.dq.columns { g.dq[t, c] = dq[t * g.dq.columns + c] }
      for c in 0..<g.dk.columns {
        (g.dk[t, c], g.dv[t, c]) = (dk[t * g.dk.columns + c], dv[t * g.dk.columns + c])
      }
    }
  }

  /// The last row that row `t` sees.
  private func last(of t: Int, _ first: View, _ shape: AttentionShape, _ rows: Rows) -> Int {
    var last = t
    while !shape.isCausal, last + 1 < rows.referenceCount,
      first.integer(last + 1) == first.integer(t)
    { last += 1 }
    return last
  }

  private func scores(
    _ q: Matrix, _ k: Matrix, row: Int, head: Int, keys: ClosedRange<Int>,
    _ shape: AttentionShape
  ) -> [Double] {
    let (base, keyBase) = (head * shape.headSize, head / shape.group * shape.headSize)
    return keys.map { j in
      (0..<shape.headSize).reduce(0) { $0 + q[row, base + $1] * k[j, keyBase + $1] } * shape.scale
    }
  }
}
