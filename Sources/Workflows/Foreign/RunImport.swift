public import Base
public import Lab

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
    var source = try ForeignSources.open(path)
    var run = ForeignRun()
    for row in try source.readOn() { run.add(row) }
    let experiment = try Experiments(workspace).create(
      slug: slug, kind: .pretrain, number: number, purpose: "imported from \(source.tool)",
      links: [path.string], provenance: context.provenance(hashes: [:])
    ) { _ in }
    let ownership = try Ownership.take(experiment.folder)
    defer { ownership.release() }
    var state = RunState.failed
    defer { _ = try? Experiments(workspace).setState(experiment.number, state) }
    let writer = try RunWriter(experiment.folder.run, goingOnFrom: 0)
    var record = ForeignRecord(writer)
    do {
      writer.event(
        .start, step: 0, "imported from \(source.tool)",
        data: source.totalSteps.map { ["steps": JSON($0)] } ?? .null)
      while follow() {
        try record.take(&run, isOver: false)
        // What cannot be read now is there again at a later look, or the run is over.
        for row in (try? source.readOn()) ?? [] { run.add(row) }
      }
      try record.take(&run, isOver: true)
      try writer.end(.finished, step: record.lastStep)
    } catch {
      try? writer.end(.failed, step: record.lastStep, oneLine(error))
      throw error
    }
    state = .finished
    return Report(
      experiment: experiment.number, tool: source.tool, steps: record.steps, spikes: record.spikes)
  }
}
