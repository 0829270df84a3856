import Base

/// A fault put into a run on purpose, to see it found and survived.
public struct Injection: Equatable, Sendable, CustomStringConvertible {
  /// What goes wrong.
  public enum Kind: String, CaseIterable, Sendable {
    /// The step trains on random ids instead of its batch.
    case badBatch = "bad-batch"
    /// The step's learning rate is 200 times the schedule's highest.
    case learningRateJump = "lr-jump"
    /// The step's gradient holds a value that is no number, however often it is computed.
    case nanGradient = "nan-grad"
    /// A bit of the step's gradient flips, once: what a fault of memory does.
    case bitFlip = "bit-flip"
    /// The first checkpoint from that step on finds the disk full.
    case diskFull = "disk-full"
    /// The step takes two seconds longer.
    case slow
    /// The process is killed before the step's update, as `kill -9` does.
    case kill

    /// Whether it befalls the process, and so does not come again when a later one goes on with the run. The others
    /// do: with them the run is another, and stays that however often it is resumed.
    public var isOfProcess: Bool {
      switch self {
      case .badBatch, .learningRateJump, .nanGradient, .bitFlip: false
      case .diskFull, .slow, .kill: true
      }
    }
  }

  public let kind: Kind
  /// The step in which it happens, counted as the record of the run counts: the first is 1.
  public let step: Int

  /// What the highest learning rate is multiplied with in a jump: enough to be seen at any point of a schedule.
  public static let jumpFactor = 200.0

  public var description: String { "\(kind.rawValue)@\(step)" }

  public init(kind: Kind, step: Int) {
    self.kind = kind
    self.step = step
  }

  /// Reads `KIND@STEP`.
  ///
  /// - Throws: ``Failure`` for an unknown kind or a step that is no number.
  public init(_ text: String) throws {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
    guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])),
      let step = Int(parts[1]), step > 0
    else {
      throw Failure(
        "the injection '\(Sanitiser.visible(text))' is not KIND@STEP",
        remedy: "Write one of \(kinds), then @ and a step, as bad-batch@120.")
    }
    self.init(kind: kind, step: step)
  }
}
