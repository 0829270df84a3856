/// Attention with grouped queries, causal or not, (Vaswani et al., 2017; Ainslie et al., 2023), in tiles (Dao et al., 2022).
///
/// For query head h, key head ⌊h / group⌋ and s = 1 / √headSize, over the keys j = first[t] … last[t]:
///
///     p[t, j] = exp(s·q[t]·k[j] − L[t]),   L[t] = log Σ_j exp(s·q[t]·k[j]),   o[t] = Σ_j p[t, j]·v[j]
///
///     D[t] = do[t]·o[t],   dS[t, j] = p[t, j]·(do[t]·v[j] − D[t])
///     dq[t] = s·Σ_j dS[t, j]·k[j],   dk[j] = s·Σ_t dS[t, j]·q[t],   dv[j] = Σ_t p[t, j]·do[t]
///
/// Only o and L are kept; dk and dv are sums over the query heads of the group, in order.
extension Recorder {
  /// Attends within the rows of one tensor.
  ///
  /// - Parameters:
  ///   - q: [rows, heads · headSize], rotated.
  ///   - k: [rows, keyHeads · headSize], rotated.
  ///   - v: [rows, keyHeads · headSize].
  /// - Returns: [rows, heads · headSize].
  public func attention(
    _ q: Tensor, _ k: Tensor, _ v: Tensor, shape: AttentionShape, mask: AttentionMask
  ) -> Tensor {
    precondition(
      shape.isCausal || mask.last == nil, "attention to a cache sees no rows behind its own")
    let rows = q.rows
    let o = tensor(rows: rows, columns: q.columns)
    let lse = differentiates ? tensor(rows: rows, columns: shape.heads, of: .real) : nil
    // Two products over the keys of each row, of which causality leaves half.
    let keys = Double(mask.longest ?? rows.capacity) / (shape.isCausal ? 2 : 1)
    let flops = 4 * Double(rows.capacity) * keys * Double(q.columns)
    step("attention", [q, k, v, o] + (lse.map { [$0] } ?? []), flops: flops) { device, at in
      device.attention(
        at(q), at(k), at(v), shape: shape, mask: mask, output: at(o),
        logSumExp: lse.map { at($0) }, rows: rows)
    }
    backward { [self] in
      guard let lse, let dO = gradient(of: o) else { return }
      precondition(mask.last == nil, "attention to a cache has no gradient")
      let targets = [q, k, v].map { gradientTarget($0) }
      precondition(!targets.contains { $0.accumulate }, "q, k and v must have no other reader")
      let (dq, dk, dv) = (targets[0].tensor, targets[1].tensor, targets[2].tensor)
      let scratch = self.scratch(device.attentionScratch(rows: rows.capacity, shape: shape))
      let touched = [dO, q, k, v, o, lse, dq, dk, dv, scratch]
      step("attentionGradient", touched, flops: 2.5 * flops) { device, at in
        device.attentionGradient(
          AttentionGradient(
            dOutput: at(dO), q: at(q), k: at(k), v: at(v), output: at(o), logSumExp: at(lse),
            first: mask.first, dq: at(dq), dk: at(dk), dv: at(dv), scratch: at.view(scratch)),
          shape: shape, rows: rows)
      }
    }
    return o
  }

  /// Writes the rows of `source` into the rows `at` of a cache: target[at[t]] = source[t].
  public func store(_ source: Tensor, in target: Tensor, at indices: View) {
    let rows = source.rows
    step("scatterRows", [source, target]) { device, at in
      device.scatterRows(at(source), to: at(target), at: indices, rows: rows)
    }
  }

  /// The rows `at` of `source`: y[t] = source[at[t]]. Has no backward pass.
  public func gather(_ source: Tensor, at indices: View, rows: Rows) -> Tensor {
    let y = tensor(rows: rows, columns: source.columns)
    step("gatherRows", [source, y]) { device, at in
      device.gatherRows(at(source), at: indices, output: at(y), rows: rows)
    }
    return y
  }
}
