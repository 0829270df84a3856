import Glibc
import Synchronization

/// Signals turned into flags that loops look at between two steps.
public enum Signals {
  /// The signals a long piece of work heeds.
  public enum Kind: Int, CaseIterable, Sendable {
    case interrupt, terminate, hangUp, save

    fileprivate var number: CInt {
      switch self {
      case .interrupt: SIGINT
      case .terminate: SIGTERM
      case .hangUp: SIGHUP
      case .save: SIGUSR1
      }
    }
  }

  /// Bit k is set once the signal of raw value k has come.
  private static let flags = Atomic<Int>(0)

  /// From now on these signals raise flags instead of ending the process.
  ///
  /// A second SIGINT ends it at once, so that nobody is trapped.
  public static func install(_ kinds: [Kind] = Kind.allCases) {
    // A static is made at its first use, under a lock; a handler must never be that use.
    _ = flags.load(ordering: .relaxed)
    var wanted = sigset_t()
    unsafe sigemptyset(&wanted)
    for kind in kinds {
      unsafe sigaddset(&wanted, kind.number)
      signal(kind.number) { Signals.note($0) }
    }
    // A process inherits what its parent had blocked, and would never hear of these.
    unsafe pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
  }

  /// What the handler does: touches one atomic and allocates nothing, so it is async-signal-safe.
  private static func note(_ number: CInt) {
    let bit: Int
    switch number {
    case SIGINT: bit = 1 << Kind.interrupt.rawValue
    case SIGTERM: bit = 1 << Kind.terminate.rawValue
    case SIGHUP: bit = 1 << Kind.hangUp.rawValue
    default: bit = 1 << Kind.save.rawValue
    }
    let before = flags.bitwiseOr(bit, ordering: .relaxed).oldValue
    if number == SIGINT, before & bit != 0 { _exit(130) }
  }

  /// Whether the signal has come since it was last taken.
  public static func isPending(_ kind: Kind) -> Bool {
    flags.load(ordering: .relaxed) & 1 << kind.rawValue != 0
  }

  /// Takes the signal: `true` if it had come, and clears it.
  public static func take(_ kind: Kind) -> Bool {
    flags.bitwiseAnd(~(1 << kind.rawValue), ordering: .relaxed).oldValue & 1 << kind.rawValue != 0
  }

  /// Raises the flag as the signal would; for tests and for a workbench that owns the terminal.
  public static func raise(_ kind: Kind) {
    flags.bitwiseOr(1 << kind.rawValue, ordering: .relaxed)
  }

  /// Sends the signal to another process.
  ///
  /// - Throws: ``Failure`` if there is none of that number, or it is another user's.
  public static func send(_ kind: Kind, to pid: Int) throws {
    guard pid > 1, kill(pid_t(truncatingIfNeeded: pid), kind.number) == 0 else {
      throw systemFailure("signal process \(pid) of", Path("/proc"))
    }
  }

  /// Writing to a closed pipe is an error of the write, not the end of the process.
  public static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
