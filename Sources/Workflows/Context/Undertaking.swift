import Base
public import Lab

/// Work that belongs to a numbered experiment and is done in one go: an import, a tokenizer, an evaluation.
public enum Undertaking {
  /// Registers an experiment, does its work, and declares how it ended.
  ///
  /// - Parameters:
  ///   - goingOn: whether to go on with an experiment of this slug that was cut short, if there is one.
  ///   - body: the work; it gets the experiment.
  public static func perform<Result>(
    _ slug: String, _ kind: ExperimentKind, purpose: String = "", links: [String] = [],
    goingOn: Bool = false, in workspace: Workspace, _ context: WorkContext,
    _ body: (Experiment) throws -> Result
  ) throws -> Result {
    let experiments = Experiments(workspace)
    if goingOn, let begun = try unfinished(slug, kind, in: workspace) {
      return try resume(begun, in: workspace, context, body)
    }
    let experiment = try experiments.create(
      slug: slug, kind: kind, purpose: purpose, links: links, provenance: context.provenance())
    return try resume(experiment, in: workspace, context, body)
  }

  /// The newest experiment of that slug and kind, and of that purpose if one is given, whose work did not come to
  /// its end.
  static func unfinished(
    _ slug: String, _ kind: ExperimentKind, _ purpose: String? = nil, in workspace: Workspace
  ) throws -> Experiment? {
    try Experiments(workspace).list().experiments.last {
      $0.slug == slug && $0.kind == kind && $0.state != .finished
        && (purpose ?? $0.purpose) == $0.purpose
    }
  }

  /// Removes what dead jobs left of versions of `name` that never appeared.
  ///
  /// Litter is no reason to refuse new work: what cannot be removed stays.
  static func sweep(_ store: VersionStore, _ name: String, in workspace: Workspace) {
    let experiments = Experiments(workspace)
    for version in (try? store.drafts(of: name)) ?? [] {
      guard let maker = try? experiments.find(version), !experiments.state(of: maker).isLive
      else { continue }
      try? store.removeDraft(of: name, version: version)
    }
  }

  /// Does the work of an experiment that is registered already.
  public static func resume<Result>(
    _ experiment: Experiment, in workspace: Workspace, _ context: WorkContext,
    _ body: (Experiment) throws -> Result
  ) throws -> Result {
    let experiments = Experiments(workspace)
    let ownership = try Ownership.take(experiment.folder)
    defer { ownership.release() }
    try experiments.setState(experiment.number, .running)
    do {
      let result = try body(experiment)
      try experiments.setState(experiment.number, .finished)
      return result
    } catch {
      _ = try? experiments.setState(
        experiment.number, context.cancellation.isCancelled ? .stopped : .failed)
      throw error
    }
  }
}
