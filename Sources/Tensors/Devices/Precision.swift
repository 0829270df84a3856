/// How numbers are kept while computing.
public enum Precision: String, CaseIterable, Sendable {
  /// All in fp32.
  case fp32
  /// The factors of products of matrices are rounded to bf16 when they are read; all else is fp32.
  case bf16

  /// What each class of numbers is.
  public var types: [(numbers: String, type: String)] {
    [
      ("weights", "fp32"), ("gradients", "fp32"), ("moments", "fp32"), ("activations", "fp32"),
      ("factors of products", rawValue), ("sums of products", "fp32"),
      ("attention, norms and loss", "fp32"),
    ]
  }

  /// The table in one line.
  public var summary: String {
    types.map { "\($0.numbers) \($0.type)" }.joined(separator: ", ")
  }
}
