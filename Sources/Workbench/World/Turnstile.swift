import Base
import Synchronization

/// A worker with one repeated piece of work that never waits twice: while one waits, further requests for it
/// are the same request.
final class Turnstile: Sendable {
  private let worker = Worker()
  private let isWaiting = Atomic<Bool>(false)

  /// Has `work` done in its turn.
  func enqueue(_ work: @escaping @Sendable () -> Void) { worker.enqueue(work) }

  /// Has `work` done, unless it waits already.
  func enqueueOnce(_ work: @escaping @Sendable () -> Void) {
    guard !isWaiting.exchange(true, ordering: .acquiringAndReleasing) else { return }
    worker.enqueue { [self] in
      isWaiting.store(false, ordering: .releasing)
      work()
    }
  }
}
