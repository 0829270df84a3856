import Base
import Tensors
import Training

/// Whether the disk has room for a run's checkpoints, asked before it begins.
struct CheckpointRoom {
  private let plan: TrainingPlan
  private let bytes: Int
  private let free: Int

  /// - Throws: `Failure` if not even one fits.
  init(_ plan: TrainingPlan, _ optimizer: Optimizer, at checkpoints: Path) throws {
    self.plan = plan
    bytes = Checkpoint.bytes(optimizer)
    try Files.makeDirectory(checkpoints)
    free = try Files.freeBytes(at: checkpoints)
    try Files.requireFree(bytes, at: checkpoints, for: "a checkpoint")
  }

  /// What to say if those that are still to come do not fit.
  func warning(from step: Int) throws -> String? {
    let left = max(0, plan.steps - step)
    let count = plan.checkpoint.standing(steps: left)
    let needed = bytes.multipliedClamping(by: count)
    guard needed > free else { return nil }
    return
      "\(Format.count(count)) checkpoints need \(Format.bytes(needed)), but \(Format.bytes(free)) are free: "
      + "later ones may fail, and the run goes on without them"
  }
}
