public import Base
import Synchronization

/// A run's reader that a background thread feeds and the screen asks.
///
/// The screen never copies the curves: it computes its columns within ``read(_:)``.
public final class RunWatch: Sendable {
  private let reader: Mutex<RunReader>

  public init(_ folder: Path) { reader = Mutex(RunReader(folder)) }

  /// Reads what is new, in pieces between which the screen gets its turn.
  ///
  /// - Parameter piece: bytes read at a time; a megabyte is a few milliseconds.
  /// - Returns: whether anything was read.
  @discardableResult
  public func refresh(piece: Int = 1 << 20) -> Bool {
    var didRead = false
    while reader.withLock({ $0.refresh(budget: piece) }) { didRead = true }
    return didRead
  }

  /// Asks the reader; `body` should be brief.
  public func read<Value: Sendable>(_ body: (borrowing RunReader) throws -> Value) rethrows -> Value
  {
    try reader.withLock { try body($0) }
  }
}
