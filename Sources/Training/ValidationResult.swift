/// The loss on held-out documents, mean nats over their predicted tokens.
public struct ValidationResult: Sendable {
  public let loss: Double
  /// The same over the documents of each domain.
  public let domains: [(name: String, loss: Double)]

  public init(loss: Double, domains: [(name: String, loss: Double)] = []) {
    self.loss = loss
    self.domains = domains
  }
}
