/// The output layer and its loss, fused, so that the logits of a large vocabulary are never held whole.
///
///     z = h·Wᵀ,   L[t] = log Σ_v exp z[t, v],   loss = Σ_t w[t]·ℓ[t]
///     ℓ[t] = L[t] − (1 − ε)·z[t, target[t]] − ε/V·Σ_v z[t, v] + c·L[t]²
///     dz[t, v] = w[t]·((1 + 2c·L[t])·softmax(z[t])[v] − (1 − ε)·[v = target[t]] − ε/V)
///     dh = dz·W,   dW += dzᵀ·h
///
/// c is the z-loss (Chowdhery et al., 2022), ε the label smoothing (Szegedy et al., 2016); both are usually 0.
/// Rows run in chunks of the device's choice; the gradient is computed with the loss, while the logits are there.
/// A target of −100 is ignored. With w = 1/N, N the counted targets of the whole step, the loss is their mean;
/// with other weights the same op gives any loss whose gradient is known per row, as preference tuning needs.
extension Recorder {
  /// Computes the losses of `hidden`, [rows, width], and adds their weighted sum to `total`.
  ///
  /// - Parameters:
  ///   - weight: [vocabulary, width].
  ///   - targets: [rows] `index`.
  ///   - weights: [rows] `real`.
  ///   - losses: [rows] `real`, overwritten.
  ///   - total: One `real`; nil: no sum is wanted.
  ///   - terms: c and ε.
  public func crossEntropyHead(
    _ hidden: Tensor, weight: Parameter, targets: View, weights: View, losses: View, total: View?,
    terms: LossTerms = LossTerms()
  ) {
    let rows = hidden.rows
    let vocabulary = weight.shape[0]
    let width = hidden.columns
    let matrix = parameters.matrix(weight)
    let chunk = min(rows.capacity, device.headChunk(vocabulary: vocabulary))
    let logits = scratch(chunk * vocabulary)
    let scratch = scratch(
      device.headScratch(rows: chunk, width: width, vocabulary: vocabulary))
    let dHidden = differentiates ? gradientTarget(hidden) : nil
    precondition(dHidden?.accumulate != true, "the head must be the only reader so far")
    let dWeight = differentiates ? parameters.gradientMatrix([weight]) : nil
    let touched = [hidden, logits, scratch] + (dHidden.map { [$0.tensor] } ?? [])
    let product = 2 * Double(rows.capacity) * Double(width) * Double(vocabulary)
    step("crossEntropyHead", touched, flops: differentiates ? 3 * product : product) { device, at in
      device.crossEntropyHead(
        CrossEntropyHead(
          hidden: at(hidden), weight: matrix, targets: targets, weights: weights, terms: terms,
          losses: losses, logits: at.view(logits), scratch: at.view(scratch),
          dHidden: dHidden.map { at($0.tensor) }, dWeight: dWeight),
        rows: rows)
      if let total {
        device.weightedSum(losses, weights: weights, total: total, rows: rows)
      }
    }
  }
}
