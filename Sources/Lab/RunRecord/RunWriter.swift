public import Base

/// Writes the record of a run: metrics and events, appended to a segment of this process's own.
///
/// Metrics gather in a block that closes after a second, at 64 kB, at an event, and at ``flush(sync:)``; a
/// killed process loses at most that second of its curve, which a resumed run writes again. Writing never
/// throws into the step loop: what the disk refuses stays in memory and is tried again each second, in a new
/// segment, because nothing may follow a torn record; ``problem`` says so meanwhile.
///
/// Any thread may call.
public final class RunWriter: Sendable {
  private let core: RunWriterCore
  private let ticker: Ticker

  /// Begins a segment.
  ///
  /// - Parameters:
  ///   - folder: the run's `run/`; made if missing.
  ///   - step: the step the run goes on from: 0, or the checkpoint's. Later steps in older segments count as
  ///     superseded from now on.
  ///   - job: the batch system's number of the job, or empty.
  /// - Throws: ``Failure`` if the segment cannot be made.
  public init(
    _ folder: Path, goingOnFrom step: Int, writer: ProcessIdentity = .current, job: String = ""
  ) throws {
    let core = RunWriterCore(folder, from: step, writer: writer, job: job)
    try Files.makeDirectory(folder)
    try core.flush(sync: false)
    self.core = core
    ticker = try Ticker(every: RunWriterCore.blockSeconds) { try? core.flush(sync: false) }
  }

  deinit { try? core.flush(sync: true) }

  /// Records the values of a step.
  ///
  /// Those of one metric come by ascending steps; those of another may come later than a higher step's.
  ///
  /// - Parameter time: when they were measured, seconds since 1970; now, if not told.
  public func record(
    step: Int, _ values: [(name: String, value: Double)], time: Double? = nil
  ) {
    core.record(step: step, values, milliseconds: Self.milliseconds(time))
  }

  /// Records something that happened at `step`, and closes the block.
  ///
  /// - Parameter time: when it happened, seconds since 1970; now, if not told.
  public func event(
    _ kind: EventKind, step: Int, _ text: String, data: JSON = .null, time: Double? = nil
  ) {
    core.event(
      RunEvent(
        step: step, kind: kind, text: text, data: data, milliseconds: Self.milliseconds(time)))
  }

  /// A time as records hold it; one that they cannot hold is now.
  private static func milliseconds(_ seconds: Double?) -> Int {
    func whole(_ seconds: Double) -> Int? {
      Int(exactly: (seconds * 1000).rounded(.down)).flatMap {
        (0...SegmentHeader.maximumStep).contains($0) ? $0 : nil
      }
    }
    return seconds.flatMap(whole) ?? whole(Timestamp.now().seconds) ?? 0
  }

  /// Records that the work of this process is over, and brings all to the disk.
  ///
  /// - Parameter outcome: finished, stopped or failed.
  /// - Throws: ``Failure`` if the record could not be written.
  public func end(_ outcome: RunState, step: Int, _ text: String = "") throws {
    event(.end, step: step, text.isEmpty ? outcome.rawValue : "\(outcome.rawValue): \(text)")
    try core.flush(sync: true)
  }

  /// Goes back to `step`: the steps after it are superseded, and a new segment goes on from there.
  ///
  /// - Throws: ``Failure`` if the new segment cannot be made.
  public func rollBack(to step: Int) throws { try core.rollBack(to: step) }

  /// Closes the block; called before a checkpoint's rename, on a signal, and before a long wait.
  ///
  /// - Parameter sync: whether to bring everything to the disk.
  /// - Throws: ``Failure`` naming the file; everything stays in memory for the next try.
  public func flush(sync: Bool = false) throws { try core.flush(sync: sync) }

  /// Why the last write failed, while it has not succeeded since.
  public var problem: Failure? { core.problem }
}
