/// What can happen to the state of a program on the screen.
public enum Event<Message: Sendable>: Sendable {
  case key(Key)
  /// Pasted text; its newlines are `\n` and never submit anything.
  case paste(String)
  /// The terminal has another size now. Also the first event of all.
  case resized(Size)
  /// What a task left in the mailbox.
  case message(Message)
  /// SIGINT came from outside; the Ctrl+C key is `.key(.control("c"))`.
  case interrupted
  /// The loop ends after this event and its effects: time to save drafts.
  case closing(Ending)
}

extension Event: Equatable where Message: Equatable {}

/// Why the event loop ended.
public enum Ending: Sendable, Equatable {
  /// An effect asked for it.
  case quit
  /// The terminal went away (SIGHUP, or the end of its input).
  case hangUp
  /// SIGTERM.
  case terminated
}

/// What an effect, once performed, asks of the event loop itself.
public enum Order {
  /// Nothing.
  case proceed
  case quit
  /// Ring the terminal's bell.
  case bell
  /// Draw everything again, for a screen another program has written on.
  case redraw
  /// Stop the process, as Ctrl+Z does in a shell.
  case suspend
}
