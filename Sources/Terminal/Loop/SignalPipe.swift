internal import Base
internal import Glibc
internal import Synchronization

/// Signals as readable bytes: the handler writes the number into a pipe the event loop polls.
///
/// One at a time; handlers that were there before are put back by ``remove()``.
final class SignalPipe {
  static let signals: [CInt] = [
    SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT,
  ]

  /// Where handlers write; -1 while no pipe is installed.
  private static let writeEnd = Atomic<CInt>(-1)

  let descriptor: CInt
  private let writer: CInt
  private var previous: [(CInt, sigaction)] = []
  private var isInstalled = true

  init() throws(Failure) {
    var ends: [CInt] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      throw Failure("no file descriptor is left for signals", remedy: "Raise `ulimit -n`.")
    }
    (descriptor, writer) = (ends[0], ends[1])
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    Self.writeEnd.store(writer, ordering: .releasing)
    for number in Self.signals {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { SignalPipe.deliver($0) }
      action.sa_flags = SA_RESTART
      var old = sigaction()
      if unsafe sigaction(number, &action, &old) == 0 { previous.append((number, old)) }
    }
  }

  deinit { remove() }

  /// Tells the loop of a signal, as the handler does; tests call it so as not to signal other tests.
  ///
  /// Only an atomic load and `write`: both are safe in a handler, and `errno` is kept.
  static func deliver(_ number: CInt) {
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = unsafe write(writeEnd.load(ordering: .acquiring), &byte, 1)
    errno = saved
  }

  /// The signals that came since the last call.
  func take() -> [CInt] {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = unsafe read(descriptor, &bytes, bytes.count)
    return count > 0 ? bytes[..<count].map(CInt.init) : []
  }

  /// Stops this process and its group as the terminal's own suspend key would; returns once it goes
  /// on.
  func stopProcess() {
    var standard = sigaction()
    unsafe standard.__sigaction_handler.sa_handler = SIG_DFL
    var ours = sigaction()
    unsafe sigaction(SIGTSTP, &standard, &ours)
    kill(0, SIGTSTP)
    unsafe sigaction(SIGTSTP, &ours, nil)
  }

  /// Has ``remove()`` leave SIGHUP ignored where it would end the process.
  ///
  /// A terminal that goes away may send it twice, the kernel and the shell once each; the second must not
  /// end a process that is saving because of the first.
  func outliveHangUps() {
    for place in previous.indices where previous[place].0 == SIGHUP {
      guard unsafe previous[place].1.__sigaction_handler.sa_handler == nil else { continue }
      unsafe previous[place].1.__sigaction_handler.sa_handler = SIG_IGN
    }
  }

  /// Puts the earlier handlers back.
  func remove() {
    guard isInstalled else { return }
    isInstalled = false
    for (number, action) in previous {
      var action = action
      unsafe sigaction(number, &action, nil)
    }
    Self.writeEnd.store(-1, ordering: .releasing)
    close(descriptor)
    close(writer)
  }
}
