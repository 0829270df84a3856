/// How an optimiser turns gradients into updates.
///
/// With g the clipped gradient, η the learning rate, and λ the weight decay where a parameter decays, always
/// decoupled (Loshchilov and Hutter, 2019):
///
///     adamw   m = β₁·m + (1 − β₁)·g,   v = β₂·v + (1 − β₂)·g²
///             w −= η·( (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε) + λ·w )
///     lion    w −= η·( sign(β₁·m + (1 − β₁)·g) + λ·w ),   m = β₂·m + (1 − β₂)·g      (Chen et al., 2023)
///     sgd     m = μ·m + g,   w −= η·( m + λ·w )
///     muon    m = μ·m + g,   w −= η·( 0.2·√max(rows, columns)·N(g + μ·m) + λ·w )     (Jordan et al., 2024)
///
/// N makes a matrix nearly orthogonal: X = G / (‖G‖ + 10⁻⁷), then five times X ← a·X + (b·A + c·A²)·X with A = X·Xᵀ and
/// (a, b, c) = (3.4445, −4.7750, 2.0315). The factor before it gives updates the size of AdamW's (Liu et al.,
/// 2025), so that one learning rate serves both: what is no matrix of a layer (vectors, the tables of a
/// vocabulary) follows adamw.
public enum OptimizerRule: String, CaseIterable, Sendable {
  case adamw, lion, sgd, muon

  /// Whether it keeps second moments; muon of what follows adamw alone.
  var hasSecond: Bool { self == .adamw || self == .muon }
}
