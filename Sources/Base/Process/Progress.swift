/// How far a long piece of work has come.
public struct ProgressState: Equatable, Sendable {
  /// What is happening, as "pre-training".
  public var stage: String
  /// Units of work done.
  public var done: Int
  /// Units in all, if known.
  public var total: Int?
  /// The unit, as "steps" or "documents".
  public var unit: String
  /// What else is worth a glance, as "loss 3.214".
  public var note: String

  public init(stage: String, done: Int, total: Int? = nil, unit: String = "", note: String = "") {
    self.stage = stage
    self.done = done
    self.total = total
    self.unit = unit
    self.note = note
  }
}

/// Whoever shows the progress of work: a bar on the terminal, a pane, or nobody.
public protocol ProgressReporter: Sendable {
  func update(_ state: ProgressState)
}

/// Shows nothing.
public struct SilentProgress: ProgressReporter {
  public init() {}
  public func update(_ state: ProgressState) {}
}
