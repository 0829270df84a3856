/// What the backward pass computes again instead of keeping it from the forward pass.
///
/// The same verbs run on the same numbers, so that the bits are the same for every level.
public enum Recomputation: String, CaseIterable, Sendable {
  /// Nothing: the fastest.
  case none
  /// Norms and gated units, whose results are as large as they are cheap.
  case selective
  /// Everything but what enters a layer.
  case full

  /// Whether a verb that makes new results is repeated.
  func repeats(_ verb: String) -> Bool {
    switch self {
    case .none: false
    case .selective: verb == "rmsNorm" || verb == "swiglu"
    case .full: true
    }
  }
}
