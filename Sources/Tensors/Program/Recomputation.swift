/// What the backward pass computes again instead of keeping it from the forward pass.
///
/// The same verbs run on the same numbers, so that the bits are the same for every level. Each op says from which
/// level on it is repeated.
public enum Recomputation: String, CaseIterable, Sendable, Comparable {
  /// Nothing: the fastest.
  case none
  /// Norms and gated units, whose results are as large as they are cheap.
  case selective
  /// Everything but what enters a layer.
  case full

  public static func < (a: Recomputation, b: Recomputation) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .none: 0
    case .selective: 1
    case .full: 2
    }
  }
}
