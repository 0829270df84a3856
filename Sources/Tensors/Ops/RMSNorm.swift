/// Root-mean-square normalisation of each row (Zhang and Sennrich, 2019), or of each head of it alone.
///
///     y[t, i] = g[i] · (x[t, i] · r[t]),   r[t] = 1 / √(mean_i x[t, i]² + ε)
///     dx[t, i] = r·g[i]·dy[t, i] − x[t, i] · r³ · mean_j(g[j]·dy[t, j]·x[t, j])
///     dg[i] += Σ_t dy[t, i] · x[t, i] · r[t]
///
/// A row that is n times as wide as g is n heads, each with its own r; g serves all.
extension Recorder {
  /// Normalises the rows of `x`, [rows, width], or its heads, [rows, heads · width]; `gain` is [width].
  public func rmsNorm(_ x: Tensor, gain: Parameter, epsilon: Double) -> Tensor {
    let rows = x.rows
    let y = tensor(rows: rows, columns: x.columns)
    let gains = parameters.matrix(gain).view
    precondition(
      x.columns % gains.count == 0, "rows of \(x.columns) are no heads of \(gains.count)")
    let inverse = tensor(rows: rows, columns: x.columns / gains.count, of: .real)
    step("rmsNorm", [x, y, inverse], repeated: .selective) { device, at in
      device.rmsNorm(
        at(x), gain: gains, epsilon: Float(epsilon), output: at(y), inverse: at.view(inverse),
        rows: rows)
    }
    backward { [self] in
      guard let dy = gradient(of: y) else { return }
      let dGain = parameters.gradientMatrix([gain]).view
      let (dx, accumulate) = gradientTarget(x)
      step("rmsNormGradient", [dy, x, inverse, dx]) { device, at in
        device.rmsNormGradient(
          at(dy), x: at(x), gain: gains, inverse: at.view(inverse), dInput: at(dx),
          accumulate: accumulate, dGain: dGain, rows: rows)
      }
    }
    return y
  }
}
