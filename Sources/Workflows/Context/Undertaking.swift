import Base
public import Lab

/// Work that belongs to a numbered experiment and is done in one go: an import, a tokenizer, an evaluation.
public enum Undertaking {
  /// Registers an experiment, does its work, and declares how it ended.
  ///
  /// - Parameter body: the work; it gets the experiment.
  public static func perform<Result>(
    _ slug: String, _ kind: ExperimentKind, purpose: String = "", links: [String] = [],
    in workspace: Workspace, _ context: WorkContext, _ body: (Experiment) throws -> Result
  ) throws -> Result {
    let experiments = Experiments(workspace)
    let experiment = try experiments.create(
      slug: slug, kind: kind, purpose: purpose, links: links, provenance: context.provenance())
    return try resume(experiment, in: workspace, body)
  }

  /// Does the work of an experiment that is registered already.
  public static func resume<Result>(
    _ experiment: Experiment, in workspace: Workspace, _ body: (Experiment) throws -> Result
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
      _ = try? experiments.setState(experiment.number, .failed)
      throw error
    }
  }
}
