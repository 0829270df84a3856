/// Whether a step counts and how far its gradient is scaled down: the rule every device applies.
///
///     factor = min(1, clip / (norm + 10⁻⁶)), or 0 if loss or norm is not finite or above its limit
struct StepDecision {
  let norm: Double
  let factor: Double

  init(loss: Double, norm: Double, clip: Double, lossLimit: Double, normLimit: Double) {
    self.norm = norm
    let counts = loss.isFinite && norm.isFinite && loss <= lossLimit && norm <= normLimit
    factor = counts ? min(1, clip / (norm + 1e-6)) : 0
  }
}
