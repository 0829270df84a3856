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
    while follow() {
      // The newest step may not be whole yet: it waits for the next look.
      try record.take(foreign.rows.dropLast())
      foreign = (try? ForeignRun.read(path)) ?? foreign
    }
    try record.take(foreign.rows[...])
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
  /// What stands in the record.
  private var taken: [ForeignRun.Row] = []
  private(set) var spikes = 0

  var steps: Int { taken.count }
  var lastStep: Int { taken.last?.step ?? 0 }

  init(_ writer: RunWriter) { self.writer = writer }

  /// Records what is new in `rows`; where they differ from what was taken, the run went back.
  mutating func take(_ rows: ArraySlice<ForeignRun.Row>) throws {
    let common = zip(rows, taken).prefix { $0 == $1 }.count
    if common < taken.count {
      try writer.rollBack(to: common > 0 ? taken[common - 1].step : 0)
      (detector, spikes) = (SpikeDetector(policy: SpikePolicy()), 0)
      for row in rows.prefix(common) { watch(row, isNew: false) }
    }
    for row in rows.dropFirst(common) {
      writer.record(step: row.step, row.values)
      watch(row, isNew: true)
    }
    taken = Array(rows)
    try writer.flush()
  }

  /// - Parameter isNew: whether what is found is not in the record yet.
  private mutating func watch(_ row: ForeignRun.Row, isNew: Bool) {
    func value(_ name: String) -> Double? { row.values.last { $0.name == name }?.value }
    guard let loss = value("loss") else { return }
    guard loss.isFinite else {
      if isNew { writer.event(.error, step: row.step, "the loss is not finite") }
      return
    }
    for verdict in detector.observe(
      loss: loss, gradientNorm: value("gradient_norm") ?? 1, step: row.step)
    {
      switch verdict {
      case .high: break
      case .spike(let excess):
        spikes += 1
        if isNew { writer.event(.spike, step: excess.start, excess.text, data: excess.data) }
      case .level(let excess):
        guard isNew else { break }
        writer.event(
          .warning, step: excess.start, "a new level, or the run diverges; \(excess.text)",
          data: excess.data)
      }
    }
  }
}
