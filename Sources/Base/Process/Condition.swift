import Glibc

/// A condition variable with its lock.
///
/// `@unchecked Sendable`: the system's own objects are made for sharing; they live at fixed addresses
/// from `init` to `deinit`.
@safe public final class Condition: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let variable = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  public init() {
    unsafe pthread_mutex_init(lock, nil)
    unsafe pthread_cond_init(variable, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(variable)
    unsafe pthread_mutex_destroy(lock)
    unsafe variable.deallocate()
    unsafe lock.deallocate()
  }

  /// Sleeps until `ready` gives a value; it is asked with the lock held.
  public func wait<Value>(_ ready: () -> Value?) -> Value {
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    while true {
      if let value = ready() { return value }
      unsafe pthread_cond_wait(variable, lock)
    }
  }

  /// Wakes everyone who waits.
  public func wakeAll() {
    unsafe pthread_mutex_lock(lock)
    unsafe pthread_cond_broadcast(variable)
    unsafe pthread_mutex_unlock(lock)
  }
}
