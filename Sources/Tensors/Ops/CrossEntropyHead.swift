/// The output layer and its loss, fused, so that the logits of a large vocabulary are never held whole.
///
///     z = h·Wᵀ,   ℓ[t] = log Σ_v exp z[t, v] − z[t, target[t]],   loss = Σ_t w[t]·ℓ[t]
///     dz[t, v] = w[t]·(softmax(z[t])[v] − [v = target[t]]),   dh = dz·W,   dW += dzᵀ·h
///
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
  public func crossEntropyHead(
    _ hidden: Tensor, weight: Parameter, targets: View, weights: View, losses: View, total: View?
  ) {
    let rows = hidden.rows
    let vocabulary = weight.shape[0]
    let width = hidden.columns
    let matrix = parameters.matrix(weight)
    let chunk = min(rows.capacity, device.headChunk(vocabulary: vocabulary))
    let logits = scratch(chunk * vocabulary)
    let sizes = [(width, vocabulary), (vocabulary, width), (chunk, width)]
    let scratch = scratch(
      sizes.map { device.productScratch(depth: $0.0, columns: $0.1) }.max() ?? 0)
    let dHidden = differentiates ? gradientTarget(hidden) : nil
    precondition(dHidden?.accumulate != true, "the head must be the only reader so far")
    let dWeight = differentiates ? parameters.gradientMatrix([weight]) : nil
    let touched = [hidden, logits, scratch] + (dHidden.map { [$0.tensor] } ?? [])
    let product = 2 * Double(rows.capacity) * Double(width) * Double(vocabulary)
    step("crossEntropyHead", touched, flops: differentiates ? 3 * product : product) { device, at in
      device.crossEntropyHead(
        CrossEntropyHead(
          hidden: at(hidden), weight: matrix, targets: targets, weights: weights, losses: losses,
          logits: at.view(logits), scratch: at.view(scratch),
          dHidden: dHidden.map { at($0.tensor) }, dWeight: dWeight),
        rows: rows)
      if let total {
        device.weightedSum(losses, weights: weights, total: total, rows: rows)
      }
    }
  }
}
