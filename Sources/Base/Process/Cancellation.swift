import Synchronization

/// A request to stop, raised by one thread and looked at by another.
public final class CancellationFlag: Sendable {
  private let raised = Atomic<Bool>(false)

  public init() {}

  public func cancel() { raised.store(true, ordering: .releasing) }

  public var isCancelled: Bool { raised.load(ordering: .acquiring) }
}
