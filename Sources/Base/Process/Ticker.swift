import Glibc

/// A thread that calls a function again and again, until it is cancelled or released.
///
/// It sleeps in between and is woken at once to end. A thread of its own, not a task: a heartbeat has to
/// go on while every thread of the cooperative pool is busy.
public final class Ticker: Sendable {
  /// The writing end of the pipe whose closing ends the thread.
  private let stop: CInt

  /// Starts calling `body` every `seconds`, for the first time after `seconds`.
  ///
  /// - Throws: ``Failure`` if the system gives no pipe or thread.
  public init(every seconds: Double, _ body: @escaping @Sendable () -> Void) throws(Failure) {
    var ends: [CInt] = [0, 0]
    guard unsafe pipe(&ends) == 0 else {
      throw systemFailure("make a pipe for", "a timer")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    stop = ends[1]
    let milliseconds = CInt(clamping: Int(max(1, seconds * 1000)))
    let start = unsafe Unmanaged.passRetained(
      Start(pipe: ends[0], milliseconds: milliseconds, body: body))
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        unsafe Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().work()
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      unsafe start.release()
      close(ends[0])
      throw systemFailure("start a thread for", "a timer", code: code)
    }
    pthread_detach(thread)
  }

  deinit { close(stop) }
}

/// What the thread of a timer is handed.
private final class Start: Sendable {
  let pipe: CInt
  let milliseconds: CInt
  let body: @Sendable () -> Void

  init(pipe: CInt, milliseconds: CInt, body: @escaping @Sendable () -> Void) {
    self.pipe = pipe
    self.milliseconds = milliseconds
    self.body = body
  }

  deinit { close(pipe) }

  /// Calls `body` each time the wait runs out; ends when the other end of the pipe is closed.
  func work() {
    while true {
      var entry = pollfd(fd: pipe, events: 0, revents: 0)
      let found = unsafe poll(&entry, 1, milliseconds)
      if found > 0 { return }
      if found == 0 { body() }
    }
  }
}
