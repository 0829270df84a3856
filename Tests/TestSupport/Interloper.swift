public import Base
import Synchronization
import Testing

/// Does something once, in the midst of the work whose progress it is told of.
public final class Interloper: ProgressReporter {
  private let work: Mutex<(@Sendable () throws -> Void)?>

  public init(_ work: @escaping @Sendable () throws -> Void) { self.work = Mutex(work) }

  public func update(_ state: ProgressState) {
    let work = work.withLock { work in
      defer { work = nil }
      return work
    }
    do { try work?() } catch { Issue.record(error) }
  }
}
