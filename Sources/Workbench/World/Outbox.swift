import Base
import Terminal

/// The way from the world's threads to the event loop.
struct Outbox: Sendable {
  let mailbox: Mailbox<WorkbenchMessage>

  /// Leaves a message that replaces an older one of its kind that still waits.
  ///
  /// So none is refused for want of room, however long a stalled terminal keeps the loop from listening.
  func post(_ message: WorkbenchMessage, replacing kind: String) {
    mailbox.post(message, key: kind)
  }

  /// Tells what went wrong.
  func tell(_ error: any Error) {
    post(.notice(oneLine(error), isError: true), replacing: "error")
  }
}

/// A value that is only handed on when it has changed.
struct Latest<Value: Equatable>: Sendable where Value: Sendable {
  private var value: Value?

  /// Remembers `new`; whether it differs from what was there.
  mutating func changes(to new: Value) -> Bool {
    defer { value = new }
    return value != new
  }
}
