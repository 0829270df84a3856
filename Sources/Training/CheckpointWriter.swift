import Base
import Synchronization

/// Writes one checkpoint at a time on a thread of its own.
final class CheckpointWriter: Sendable {
  /// What became of it.
  struct Outcome: Sendable {
    /// Updates done when it was begun.
    let step: Int
    let result: Result<Checkpoint, any Error>
    /// Whether this process may no longer write.
    let isRefused: Bool
    /// Why one that was to go could not be removed.
    let leftover: String?
    /// From the copy to the final name.
    let seconds: Double
  }

  private enum State {
    case idle, busy
    case done(Outcome)
  }

  private let worker = Worker()
  private let state = Mutex(State.idle)
  private let change = Condition()

  /// Begins; nothing may be under way.
  func begin(_ work: @escaping @Sendable () -> Outcome) {
    state.withLock { $0 = .busy }
    worker.enqueue { [self] in
      let outcome = work()
      state.withLock { $0 = .done(outcome) }
      change.wakeAll()
    }
  }

  /// Whether one is under way or waits to be taken.
  var isInUse: Bool {
    state.withLock { if case .idle = $0 { false } else { true } }
  }

  /// What became of the last one, once; `nil` if there is none or it is still under way.
  func take() -> Outcome? {
    state.withLock { state in
      guard case .done(let outcome) = state else { return nil }
      state = .idle
      return outcome
    }
  }

  /// The same, but waits for one that is under way.
  func wait() -> Outcome? {
    guard isInUse else { return nil }
    return change.wait { take() }
  }
}
