import Base

/// Turns Ctrl-C and SIGTERM into a raised flag while work is done that has to clean up behind itself.
enum Interruption {
  /// Does `body`, during which the signals raise `flag`.
  static func raising<Result>(_ flag: CancellationFlag, _ body: () throws -> Result) throws
    -> Result
  {
    Signals.install([.interrupt, .terminate])
    let watch = try Ticker(every: 0.05) {
      if Signals.isPending(.interrupt) || Signals.isPending(.terminate) { flag.cancel() }
    }
    return try withExtendedLifetime(watch) { try body() }
  }
}
