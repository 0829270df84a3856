/// One thing that the doctor looked at.
public struct Finding: Equatable, Sendable {
  public enum Verdict: String, Sendable {
    case good
    /// Kaji works, something is lost.
    case warning
    /// Something does not work.
    case missing
  }

  /// What kind of thing: "library", "processor", "device", "terminal", "system", "disk".
  public let group: String
  public let name: String
  /// What was found: a version, a figure.
  public let value: String
  public let verdict: Verdict
  /// What to do about it; empty if it is good.
  public let cure: String

  public init(
    _ group: String, _ name: String, _ value: String, _ verdict: Verdict = .good, cure: String = ""
  ) {
    self.group = group
    self.name = name
    self.value = value
    self.verdict = verdict
    self.cure = cure
  }
}
