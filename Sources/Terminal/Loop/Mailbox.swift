public import Base
internal import CNcurses
internal import Glibc
internal import Synchronization

/// Where tasks and threads leave messages for the event loop.
///
/// Bounded and never blocking: what is posted under a key takes the place of what waits under it, or
/// is merged with it, so that a fast producer costs one message a frame; the rest is refused once
/// the box is full, and the caller learns of it. The screen is written to outside of the lock, so a
/// stalled terminal holds nobody up.
public final class Mailbox<Message: Sendable>: Sendable {
  private struct Contents {
    var waiting: [(key: String?, message: Message)] = []
    var places: [String: Int] = [:]
  }

  private let contents = Mutex(Contents())
  private let capacity: Int
  /// An eventfd, readable while messages wait.
  let descriptor: CInt

  /// - Parameter capacity: how many messages may wait.
  /// - Throws: ``Base/Failure`` if the process has no descriptor left.
  public init(capacity: Int = 1024) throws(Failure) {
    self.capacity = max(1, capacity)
    descriptor = cncurses_eventfd()
    guard descriptor >= 0 else {
      throw Failure("no file descriptor is left for the mailbox", remedy: "Raise `ulimit -n`.")
    }
  }

  deinit { close(descriptor) }

  /// Leaves `message`; `false` if the box is full and it was refused.
  @discardableResult
  public func post(_ message: Message) -> Bool {
    let isTaken = contents.withLock { contents in
      guard contents.waiting.count < capacity else { return false }
      contents.waiting.append((nil, message))
      return true
    }
    if isTaken { wake() }
    return isTaken
  }

  /// Leaves `message` in the place of one that waits under `key`, or at the end.
  ///
  /// Keys are few and fixed, so these messages are taken even if the box is full.
  /// - Parameter merging: makes one of the waiting and the new message; the new one, unless given.
  public func post(
    _ message: Message, key: String,
    merging: (_ waiting: Message, _ new: Message) -> Message = { $1 }
  ) {
    contents.withLock { contents in
      if let place = contents.places[key] {
        contents.waiting[place].message = merging(contents.waiting[place].message, message)
      } else {
        contents.places[key] = contents.waiting.count
        contents.waiting.append((key, message))
      }
    }
    wake()
  }

  /// Takes everything, in order.
  public func drain() -> [Message] {
    var count = eventfd_t()
    _ = unsafe eventfd_read(descriptor, &count)
    let taken = contents.withLock { contents in
      defer { contents = Contents() }
      return contents
    }
    return taken.waiting.map(\.message)
  }

  private func wake() { eventfd_write(descriptor, 1) }
}
