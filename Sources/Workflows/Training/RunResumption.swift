import Base
public import Lab
import Models

/// Going on with the run of an experiment, whatever kind of training it is.
public enum RunResumption {
  /// Goes on with a run from its newest good checkpoint; one without any begins at step 0.
  ///
  /// - Throws: `Failure` if the experiment has no run, or another process holds it.
  public static func run(
    _ number: Int, in workspace: Workspace, _ context: WorkContext, takeover: Bool = false
  ) throws -> RunReport {
    try workspace.requireWritable()
    let experiment = try Experiments(workspace).find(number)
    switch experiment.kind {
    case .pretrain:
      return try Pretraining.run(experiment, in: workspace, context, takeover: takeover)
    case .sft:
      return try SupervisedTuning.run(experiment, in: workspace, context, takeover: takeover)
    default:
      throw Failure(
        "experiment \(number) is of kind \(experiment.kind.rawValue), which has no run to go on with",
        remedy: "See `kaji runs list` for those that have.")
    }
  }
}
