import Base
import Models
import Tensors

/// Checkpoints of a run: copied between two updates, written while the next ones are made.
extension Trainer {
  /// Seconds that saving has cost the step loop.
  struct SavingTime {
    /// When the last checkpoint was begun, or the run.
    var intervalStart = monotonicSeconds()
    /// What the loop has waited for since.
    var stall = 0.0
    /// The same until the last checkpoint was begun, and the length of the interval before it.
    var lastStall = 0.0
    var lastInterval = 0.0
  }

  /// Begins to save, or saves at once where memory does not take a copy.
  ///
  /// Unless the checkpoint `isNeeded`, a disk that does not take it is no reason to stop.
  func save(isNeeded: Bool = false) throws {
    let start = monotonicSeconds()
    try settleSaving()
    do { try fillDisk() } catch {
      guard !isNeeded else { throw error }
      return try tellUnsaved(error, step: state.step)
    }
    let job = SavingJob(
      state: state, checkpoints: checkpoints, keys: state.keepsEverything ? nil : plan.checkpoint,
      target: plan.spike.action == .rollback
        ? state.step - plan.spike.patience - 1 - plan.spike.rollbackSteps : nil,
      writeModel: connections.writeModel, observer: connections.observer, start: start)
    let live = LiveNumbers(optimizer: optimizer)
    if live.fileBytes < SystemMemory.available ?? .max {
      let snapshot = CheckpointSnapshot(optimizer)
      note(stall: monotonicSeconds() - start)
      writer.begin { job.write(snapshot) }
    } else {
      let outcome = job.write(live)
      note(stall: monotonicSeconds() - start)
      writer.begin { outcome }
    }
    savingTime.lastInterval = start - savingTime.intervalStart
    savingTime.lastStall = savingTime.stall
    (savingTime.intervalStart, savingTime.stall) = (start, 0)
    isSavingNeeded = isNeeded
    if isNeeded { try settleSaving() }
  }

  /// Tells what became of a checkpoint that has been written meanwhile.
  func noteSaved() throws {
    if let outcome = writer.take() { try tell(outcome) }
  }

  /// Waits for a checkpoint that is being written, and tells what became of it.
  func settleSaving() throws {
    let start = monotonicSeconds()
    guard let outcome = writer.wait() else { return }
    note(stall: monotonicSeconds() - start)
    try tell(outcome)
  }

  private func note(stall seconds: Double) { savingTime.stall += seconds }

  private func tell(_ outcome: CheckpointWriter.Outcome) throws {
    switch outcome.result {
    case .success(let checkpoint):
      // What the loop has waited for this one: its copy, and its end if that was waited for.
      let stall = savingTime.lastStall + savingTime.stall
      let interval = max(savingTime.lastInterval, outcome.seconds)
      let share = interval > 0 ? stall / interval : 0
      try report(
        .checkpoint, step: outcome.step,
        "\(checkpoint.folder.name), written in \(Format.significant(outcome.seconds, 2)) s; held the steps up for "
          + "\(Format.significant(stall, 2)) s, \(Format.significant(100 * share, 2)) % of the interval",
        [
          "name": JSON(checkpoint.folder.name), "seconds": .number(outcome.seconds),
          "stall_seconds": .number(stall), "stall_share": .number(share),
        ])
      (savingTime.lastStall, savingTime.stall) = (0, 0)
    case .failure(let error):
      guard !isSavingNeeded, !outcome.isRefused else { throw error }
      try tellUnsaved(error, step: outcome.step)
    }
    if let leftover = outcome.leftover {
      // What is too much on the disk is no reason to stop.
      try report(
        .warning, step: outcome.step, "an old checkpoint could not be removed: \(leftover)")
    }
  }

  private func tellUnsaved(_ error: any Error, step: Int) throws {
    try report(.error, step: step, "no checkpoint, the run goes on: \(oneLine(error))")
  }

  /// Saves unless the newest checkpoint is of this very step.
  func saveBeforeStopping() throws {
    try settleSaving()
    let newest = Checkpoint.all(in: checkpoints).first
    if newest?.step != state.step { try save(isNeeded: true) }
  }
}

/// What the thread that writes a checkpoint needs to know.
private struct SavingJob: Sendable {
  let state: TrainerState
  let checkpoints: Path
  /// Which of the older ones stay; `nil`: all.
  let keys: TrainingConfiguration.CheckpointKeys?
  /// The last step that a spike of now may have to go back to.
  let target: Int?
  let writeModel: @Sendable (Path, any CheckpointNumbers) throws -> Void
  let observer: any TrainingObserver
  let start: Double

  /// Writes a checkpoint and removes those that need not stay.
  func write(_ numbers: any CheckpointNumbers) -> CheckpointWriter.Outcome {
    var isRefused = false
    var leftover: String?
    let result = Result {
      try Checkpoint.write(
        step: state.step, to: checkpoints, state: state, numbers: numbers, writeModel: writeModel,
        willCommit: {
          do { try observer.willCommitCheckpoint() } catch {
            isRefused = true
            throw error
          }
        })
    }
    if case .success = result { try? Checkpoint.removeSuperseded(in: checkpoints) }
    if let keys, case .success = result {
      do { try Checkpoint.prune(checkpoints, keeping: keys, target: target) } catch {
        leftover = oneLine(error)
      }
    }
    return CheckpointWriter.Outcome(
      step: state.step, result: result, isRefused: isRefused, leftover: leftover,
      seconds: monotonicSeconds() - start)
  }
}
