import Synchronization

/// A request to stop, raised by one thread and looked at by another.
public final class CancellationFlag: Sendable {
  private let raised = Atomic<Bool>(false)

  public init() {}

  public func cancel() { raised.store(true, ordering: .releasing) }

  public var isCancelled: Bool { raised.load(ordering: .acquiring) }

  /// Ends the work that `what` names, as "the import", if the flag is raised.
  ///
  /// - Throws: ``Stopped``.
  public func check(_ what: String) throws(Stopped) {
    if isCancelled { throw Stopped(what) }
  }
}

/// Work that ended early because somebody asked for it.
public struct Stopped: Diagnosis, Equatable {
  public let problem: String
  public let remedy = "Start it again."

  /// - Parameter what: the work, as "the import".
  public init(_ what: String) { problem = "\(what) was stopped; nothing was changed" }
}
