import Glibc
import Synchronization

/// A thread of its own that does pieces of work one after another, in the order they were given.
///
/// For work that blocks, such as reading files or generating text: the threads of Swift's own pool are few
/// and must not wait. It stands back behind the thread that answers keys. Released, it finishes the piece it is
/// at and drops the rest.
public final class Worker: Sendable {
  private let queue = WorkQueue()

  /// Starts the thread.
  public init() {
    let start = unsafe Unmanaged.passRetained(queue)
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        unsafe Unmanaged<WorkQueue>.fromOpaque(argument!).takeRetainedValue().work()
        return nil
      }, start.toOpaque())
    precondition(code == 0, "cannot start a thread: error \(code)")
    pthread_detach(thread)
  }

  deinit { queue.stop() }

  /// Gives it a piece of work.
  public func enqueue(_ work: @escaping @Sendable () -> Void) { queue.add(work) }
}

/// What a worker has still to do.
private final class WorkQueue: Sendable {
  private struct Contents {
    var waiting: [@Sendable () -> Void] = []
    var isStopped = false
  }

  private let contents = Mutex(Contents())
  private let condition = Condition()

  func add(_ work: @escaping @Sendable () -> Void) {
    contents.withLock { $0.waiting.append(work) }
    condition.wakeAll()
  }

  func stop() {
    contents.withLock { $0 = Contents(isStopped: true) }
    condition.wakeAll()
  }

  func work() {
    Priority.stepBack()
    while let work = next() { work() }
  }

  /// The next piece; `nil` when it is over.
  private func next() -> (@Sendable () -> Void)? {
    condition.wait { () -> (@Sendable () -> Void)?? in
      contents.withLock { contents in
        if contents.isStopped { return .some(nil) }
        return contents.waiting.isEmpty ? nil : .some(contents.waiting.removeFirst())
      }
    }
  }
}
