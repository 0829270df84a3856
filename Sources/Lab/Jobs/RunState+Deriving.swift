public import Base

extension RunState {
  /// What has become of a run, from who holds it and what its record says last.
  ///
  /// - Parameters:
  ///   - declared: what `experiment.yaml` says; the answer for what has no run.
  ///   - hasRecord: whether the run has at least one segment.
  ///   - lastWord: the last event that tells what the process does, see ``RunReader/lastWord``.
  public static func of(
    _ folder: ExperimentFolder, declared: RunState, hasRecord: Bool, lastWord: RunEvent?
  ) -> RunState {
    let isHeld = isHeld(folder.owner)
    guard hasRecord else {
      if isHeld { return .running }
      // Whoever declared to be at work holds it no more, and had no time to say how it ended; or it was taken by
      // a process that had no time to say that it had begun, or could not, as on a full disk.
      let isTaken = Files.exists(folder.owner) || wasLaunched(folder)
      return declared.isLive || declared == .created && isTaken ? .crashed : declared
    }
    if isHeld { return lastWord?.kind == .pause ? .paused : .running }
    if let lastWord, lastWord.kind == .end { return RunState(endText: lastWord.text) ?? .failed }
    return .crashed
  }

  /// Whether a detached process was started for the run so long ago that it would have begun, had it lived.
  private static func wasLaunched(_ folder: ExperimentFolder) -> Bool {
    let logs = (try? Files.list(folder.logs)) ?? []
    guard let newest = logs.filter({ $0.hasPrefix(LocalLauncher.logPrefix) }).max(),
      let status = try? FileStatus(folder.logs / newest)
    else { return false }
    return Timestamp.now().seconds - Double(status.modified) * 1e-9 > Ownership.patience
  }

  /// Whether a living process holds the run: one of this host that is there, or one of another host that has
  /// touched the file lately, as far as two hosts' clocks can tell.
  private static func isHeld(_ path: Path) -> Bool {
    guard let owner = try? OwnerRecord.read(path) else { return false }
    if let isAlive = owner.process.isAlive { return isAlive }
    guard let status = try? FileStatus(path) else { return false }
    return Timestamp.now().seconds - Double(status.modified) * 1e-9 < Ownership.patience
  }
}

/// A run in one line of a list.
public struct RunSummary: Equatable, Sendable {
  public var state: RunState
  /// The newest step that counts; 0 before the first.
  public var step: Int
  /// The steps of the whole run; `nil` if its record does not say.
  public var totalSteps: Int?
  /// The newest loss, which may be NaN; `nil` before the first.
  public var loss: Double?
  /// Spikes that count: those of superseded steps do not.
  public var spikes: Int
  public var metrics: [(name: String, summary: MetricSummary)]
  /// When the newest record was made; `nil` without one.
  public var lastRecord: Timestamp?

  /// Sums up what `reader` has read.
  public init(_ reader: RunReader, state: RunState) {
    self.state = state
    step = reader.lastStep ?? reader.segmentHeaders.last?.from ?? 0
    totalSteps = reader.totalSteps
    loss = reader["loss"]?.last
    spikes = reader.spikes
    metrics = reader.metrics.compactMap { name in
      reader[name].map { (name: name, summary: $0.summary) }
    }
    lastRecord = reader.lastRecord
  }

  public static func == (a: RunSummary, b: RunSummary) -> Bool { a.json == b.json }

  /// What the index keeps.
  var json: JSON {
    .object([
      ("state", JSON(state.rawValue)), ("step", JSON(step)),
      ("total_steps", totalSteps.map { JSON($0) } ?? .null),
      ("loss", loss.map { .number($0) } ?? .null), ("has_loss", JSON(loss != nil)),
      ("spikes", JSON(spikes)),
      ("metrics", .object(metrics.map { ($0.name, $0.summary.json) })),
      ("last_record", lastRecord.map { .number($0.seconds) } ?? .null),
    ])
  }

  init?(_ json: JSON) {
    guard let state = json["state"]?.string.flatMap({ RunState(rawValue: $0) }),
      let step = json["step"]?.int, let spikes = json["spikes"]?.int
    else { return nil }
    self.state = state
    self.step = step
    self.spikes = spikes
    totalSteps = json["total_steps"]?.int
    loss = json["has_loss"]?.bool == true ? json["loss"]?.double ?? .nan : nil
    metrics = (json["metrics"]?.object ?? JSONObject()).compactMap { name, value in
      MetricSummary(value).map { (name: name, summary: $0) }
    }
    lastRecord = json["last_record"]?.double.map { Timestamp(seconds: $0) }
  }
}

extension RunReader {
  /// The steps of the whole run, as the newest process that works on it has said.
  public var totalSteps: Int? {
    events.last { $0.kind == .start || $0.kind == .resume }?.data["steps"]?.int
  }

  /// Spikes that count.
  public var spikes: Int { events.count { $0.kind == .spike && !$0.isSuperseded } }

  /// The last event that tells what the run's process does: start, resume, pause, continue or end.
  ///
  /// A segment that was begun without any of these since is of a process that resumes.
  public var lastWord: RunEvent? {
    let words: Set<EventKind> = [.start, .resume, .pause, .continue, .end]
    let last = events.last { words.contains($0.kind) }
    guard let begun = segmentHeaders.last, let last, last.kind == .end,
      Double(last.milliseconds) < begun.time * 1000 - 1
    else { return last }
    return RunEvent(
      step: begun.from, kind: .resume, text: "", milliseconds: last.milliseconds)
  }

  /// Whether the run has written anything.
  public var hasRecord: Bool { !segmentHeaders.isEmpty }
}

extension Experiments {
  /// What has become of an experiment: of its run if it has one, else what it declares.
  public func state(of experiment: Experiment) -> RunState {
    var reader = RunReader(experiment.folder.run)
    reader.refresh()
    return .of(
      experiment.folder, declared: experiment.state, hasRecord: reader.hasRecord,
      lastWord: reader.lastWord)
  }
}
