import Base
import Lab
import Synchronization

/// A demo that runs on a thread of its own, so that the workbench can be open meanwhile.
public final class DemoLife: Sendable {
  private let demo: Demo
  private let worker = Worker()
  private let result = Mutex<Result<Demo.Outcome, any Error>?>(nil)

  /// Begins it.
  public init(_ demo: Demo) {
    self.demo = demo
    worker.enqueue { [self] in
      let outcome = Result { try demo.run() }
      result.withLock { $0 = outcome }
    }
  }

  public var isOver: Bool { result.withLock { $0 != nil } }

  /// How it ended, once it has.
  ///
  /// - Throws: what a stage threw.
  public func outcome() throws -> Demo.Outcome {
    while true {
      if let result = result.withLock({ $0 }) { return try result.get() }
      sleep(seconds: 0.02)
    }
  }

  /// What came of handing it over.
  public enum HandOver: Equatable, Sendable {
    /// It ended meanwhile.
    case finished(DemoSummary)
    /// Its run goes on as a process of its own, which has done its first step.
    case goesOn(experiment: Int, pid: Int)
    /// It was at work that is no run; what was done is kept.
    case stopped
  }

  /// Stops it at the next step boundary, saved, and starts a detached process that goes on with the run it was
  /// at; comes back after that process's first step.
  ///
  /// - Throws: `Failure` if the process ends before its first step, or what a stage threw.
  public func handOver() throws -> HandOver {
    demo.context.cancellation.cancel()
    let stopped: RunReport
    do {
      switch try outcome() {
      case .finished(let summary): return .finished(summary)
      case .stopped(let report): stopped = report
      }
    } catch is Stopped { return .stopped }
    let workspace = demo.workspace
    let (pid, log) = try LocalLauncher().resume(
      stopped.experiment, in: workspace, options: demo.context.options)
    let run = try Experiments(workspace).folder(of: stopped.experiment).run
    guard Self.hasStepped(pid, run: run, beyond: stopped.step) else {
      throw Failure(
        "the run of experiment \(stopped.experiment) is saved, but did not go on by itself",
        remedy: "See \(log).")
    }
    return .goesOn(experiment: stopped.experiment, pid: pid)
  }

  /// Waits until the record of a process shows an update beyond `step`; `false` if it ends without one.
  private static func hasStepped(_ pid: Int, run: Path, beyond step: Int) -> Bool {
    let process = ProcessIdentity.running(pid)
    var reader = RunReader(run)
    while true {
      let isAlive = process?.isAlive ?? false
      reader.refresh()
      if (reader.lastStep ?? 0) > step { return true }
      guard isAlive else { return false }
      sleep(seconds: 0.05)
    }
  }
}
