import Glibc

/// Which of this machine's threads go first.
public enum Priority {
  /// How far long work stands back behind what people wait for, in steps of nice(2).
  private static let steps: CInt = 5
  private static let ofProcess = CInt(PRIO_PROCESS.rawValue)

  /// Lets the calling thread, and those it will start, stand back behind threads that answer keys.
  ///
  /// On Linux a nice value is a thread's own (setpriority(2), under "C library/kernel differences"). A thread that
  /// stands back further already stays where it is.
  public static func stepBack() {
    errno = 0
    let now = getpriority(ofProcess, 0)
    guard errno == 0, now < steps else { return }
    setpriority(ofProcess, 0, steps)
  }
}
