public import Base
public import Lab
import Training

/// Runs of other tools as experiments of the workspace, with their spikes.
public enum RunImport {
  /// What has been taken over.
  public struct Report: Sendable {
    public let experiment: Int
    public let tool: String
    public let steps: Int
    public let spikes: Int
  }

  /// Takes over the run at `path` under a number of its own.
  ///
  /// - Parameters:
  ///   - follow: asked after each look whether to look again; the run is read on while it grows.
  /// - Throws: `Failure` if there is no run of a known kind.
  public static func run(
    _ path: Path, slug: String, number: Int? = nil, in workspace: Workspace,
    _ context: WorkContext, follow: () -> Bool = { false }
  ) throws -> Report {
    try workspace.requireWritable()
    var foreign = try ForeignRun.read(path)
    let experiment = try Experiments(workspace).create(
      slug: slug, kind: .pretrain, number: number, purpose: "imported from \(foreign.tool)",
      links: [path.string], provenance: context.provenance(hashes: [:])
    ) { _ in }
    let ownership = try Ownership.take(experiment.folder)
    defer { ownership.release() }
    let writer = try RunWriter(experiment.folder.run, goingOnFrom: 0)
    var record = ForeignRecord(writer)
    writer.event(
      .start, step: 0, "imported from \(foreign.tool)",
      data: foreign.totalSteps.map { ["steps": JSON($0)] } ?? .null)
    try record.take(foreign)
    while follow() {
      // What is being written may not be whole: it is looked at again.
      guard let grown = try? ForeignRun.read(path), grown != foreign else { continue }
      foreign = grown
      try record.take(foreign)
    }
    try writer.end(.finished, step: record.lastStep)
    _ = try? Experiments(workspace).setState(experiment.number, .finished)
    return Report(
      experiment: experiment.number, tool: foreign.tool, steps: record.steps, spikes: record.spikes)
  }
}

/// The record of a run that is being taken over.
private struct ForeignRecord {
  private let writer: RunWriter
  private var detector = SpikeDetector(policy: SpikePolicy())
  private(set) var lastStep = 0
  private(set) var steps = 0
  private(set) var spikes = 0

  init(_ writer: RunWriter) { self.writer = writer }

  /// Records what is new in `run`; a run that went back goes back here.
  mutating func take(_ run: ForeignRun) throws {
    for row in run.rows where row.step > lastStep || steps == 0 {
      writer.record(step: row.step, row.values)
      steps += 1
      lastStep = row.step
      watch(row)
    }
    try writer.flush()
  }

  private mutating func watch(_ row: ForeignRun.Row) {
    func value(_ name: String) -> Double? { row.values.last { $0.name == name }?.value }
    guard let loss = value("loss") else { return }
    guard loss.isFinite else {
      writer.event(.error, step: row.step, "the loss is not finite")
      return
    }
    for verdict in detector.observe(
      loss: loss, gradientNorm: value("gradient_norm") ?? 1, step: row.step)
    {
      switch verdict {
      case .high: break
      case .spike(let excess):
        spikes += 1
        writer.event(.spike, step: excess.start, excess.text, data: excess.data)
      case .level(let excess):
        writer.event(
          .warning, step: excess.start, "a new level, or the run diverges; \(excess.text)",
          data: excess.data)
      }
    }
  }
}
