public import Base
import Synchronization

/// A run's reader that a background thread feeds and the screen asks.
///
/// The screen never copies the curves: it computes its columns within ``read(_:)``.
public final class RunWatch: Sendable {
  private let reader: Mutex<RunReader>

  public init(_ folder: Path) { reader = Mutex(RunReader(folder)) }

  /// Bytes read at a time; a megabyte is a few milliseconds.
  public static let piece = 1 << 20

  /// Reads what is new, in pieces between which the screen gets its turn.
  ///
  /// - Returns: whether anything was read.
  @discardableResult
  public func refresh() -> Bool {
    var didRead = false
    while refreshPiece() { didRead = true }
    return didRead
  }

  /// Reads the next piece of what is new.
  ///
  /// - Returns: whether anything was read.
  @discardableResult
  public func refreshPiece() -> Bool { reader.withLock { $0.refresh(budget: Self.piece) } }

  /// Asks the reader; `body` should be brief.
  public func read<Value: Sendable>(_ body: (borrowing RunReader) throws -> Value) rethrows -> Value
  {
    try reader.withLock { try body($0) }
  }
}
