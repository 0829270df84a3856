/// Rows of tokens for training: sequences or packed documents, one after another.
public struct Batch: Sendable, Equatable {
  /// What each row reads.
  public var ids: [Int32] = []
  /// What each row should predict; −100: not counted.
  public var targets: [Int32] = []
  /// The row at which the sequence of each row begins.
  public var first: [Int32] = []
  /// The place of each row in its sequence.
  public var positions: [Int32] = []

  /// The target that is not counted.
  public static let ignored: Int32 = -100

  /// No rows.
  public init() {}

  /// Rows in use.
  public var count: Int { ids.count }

  /// Targets that count.
  public var countedTargets: Int { targets.count { $0 != Self.ignored } }

  /// Adds a sequence of which row t reads `ids[t]` and should predict `targets[t]`.
  public mutating func append(ids: some Collection<Int32>, targets: some Collection<Int32>) {
    precondition(ids.count == targets.count, "\(ids.count) ids, \(targets.count) targets")
    let start = Int32(count)
    self.ids += ids
    self.targets += targets
    first += repeatElement(start, count: ids.count)
    positions += 0..<Int32(ids.count)
  }

  /// Adds a sequence whose every token but the first is to be predicted from those before.
  public mutating func append(sequence: some BidirectionalCollection<Int32>) {
    append(ids: sequence.dropLast(), targets: sequence.dropFirst())
  }
}
