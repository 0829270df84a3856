public import Base
public import Lab
import Training

/// The checkpoints of a run, as people ask about them.
public struct RunCheckpoint: Equatable, Sendable {
  public let step: Int
  public let isPinned: Bool
  /// The validation loss at its step; `nil` if there was no validation then.
  public let validationLoss: Double?
  /// Whether none has a lower validation loss.
  public let isBest: Bool

  /// Those of an experiment, newest first.
  public static func all(of folder: ExperimentFolder) -> [RunCheckpoint] {
    let all = Checkpoint.all(in: folder.checkpoints)
    let best = Checkpoint.best(of: all)
    return all.map {
      RunCheckpoint(
        step: $0.step, isPinned: $0.isPinned, validationLoss: $0.validationLoss,
        isBest: $0 == best)
    }
  }

  /// Lets one stay whatever `checkpoint.keep` says, or no more.
  ///
  /// - Throws: `Failure` if the experiment has none of that step.
  public static func pin(_ step: Int, of number: Int, _ isPinned: Bool, in workspace: Workspace)
    throws
  {
    try workspace.requireWritable()
    let folder = try Experiments(workspace).folder(of: number)
    let found = Checkpoint.all(in: folder.checkpoints).first { $0.step == step }
    guard let found else {
      throw Failure(
        "experiment \(number) has no checkpoint of step \(step)",
        remedy: "See `kaji runs show \(number)` for those it has.")
    }
    try found.setPinned(isPinned)
  }

  public var json: JSON {
    [
      "step": JSON(step), "pinned": JSON(isPinned), "best": JSON(isBest),
      "validation_loss": validationLoss.map { .number($0) } ?? .null,
    ]
  }
}
