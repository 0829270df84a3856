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
    for kind in kinds {
      // Only an atomic is touched in the handler, which is async-signal-safe.
      signal(kind.number) { number in
        for kind in Kind.allCases where kind.number == number {
          let before = Signals.flags.bitwiseOr(1 << kind.rawValue, ordering: .relaxed).oldValue
          if kind == .interrupt, before & 1 << kind.rawValue != 0 { _exit(130) }
        }
      }
    }
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

  /// Writing to a closed pipe is an error of the write, not the end of the process.
  public static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
