/// How numbers are kept while computing.
public enum Precision: String, CaseIterable, Sendable {
  /// All in fp32.
  case fp32
  /// What products read is bf16: activations, their gradients, and the upper half of each weight, whose lower half
  /// only the optimiser reads. All sums are fp32.
  case bf16
  /// The same with weights that are bf16 alone, rounded at random so that small updates are not lost.
  case stochastic = "bf16-stochastic"

  /// Whether what products read is bf16.
  public var isHalf: Bool { self != .fp32 }

  /// What each class of numbers is.
  public var types: [(numbers: String, type: String)] {
    let short = isHalf ? "bf16" : "fp32"
    return [
      ("weights", self == .stochastic ? "bf16 rounded at random" : "fp32"),
      ("weights in products", short), ("activations and their gradients", short),
      ("gradients of weights", "fp32"), ("moments", "fp32"), ("sums", "fp32"),
      ("statistics of norms and attention", "fp32"), ("logits and loss", "fp32"),
    ]
  }

  /// The table in one line.
  public var summary: String {
    types.map { "\($0.numbers) \($0.type)" }.joined(separator: ", ")
  }
}
