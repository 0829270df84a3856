public import Base

/// Which checkpoints stay.
extension Checkpoint {
  /// Whether somebody asked that it stay.
  public var isPinned: Bool { Files.exists(pin) }

  /// Lets it stay whatever the configuration says, or no more.
  ///
  /// - Throws: ``Failure`` if the disk refuses.
  public func setPinned(_ isPinned: Bool) throws {
    guard isPinned else { return try Files.remove(pin) }
    try Files.write("", to: pin)
  }

  /// Beside the folder, whose content never changes.
  private var pin: Path { folder.parent / "\(folder.name).pinned" }

  /// The validation loss at its step; `nil` if there was no validation then.
  public var validationLoss: Double? {
    guard let state = try? JSON.read(folder / "state/trainer.json"),
      state["validated_at"]?.int == step
    else { return nil }
    return state["validation_loss"]?.double
  }

  /// Removes what `keys` does not keep.
  ///
  /// - Parameter target: the newest checkpoint of the schedule up to this step stays, and all after it: a spike may
  ///   go back to any of them.
  /// - Throws: ``Failure`` if the disk refuses.
  public static func prune(
    _ checkpoints: Path, keeping keys: TrainingConfiguration.CheckpointKeys, target: Int? = nil
  ) throws {
    guard keys.keep > 0 else { return }
    let all = all(in: checkpoints)
    let best = keys.keepBest ? best(of: all) : nil
    let floor = target.map { target in
      all.first { $0.step <= target && keys.every > 0 && $0.step % keys.every == 0 }?.step ?? 0
    }
    for checkpoint in all.dropFirst(keys.keep) where checkpoint != best {
      if let floor, checkpoint.step >= floor { continue }
      guard keys.keepEvery == 0 || checkpoint.step % keys.keepEvery != 0, !checkpoint.isPinned
      else { continue }
      // Under a dotted name first, so that a removal cut short leaves no torn checkpoint.
      let dying = checkpoints / ".old-\(checkpoint.folder.name)"
      try Files.remove(dying)
      try Files.rename(checkpoint.folder, to: dying)
      try Files.remove(dying)
    }
  }

  /// The one with the lowest validation loss, of equal ones the earliest.
  public static func best(of checkpoints: [Checkpoint]) -> Checkpoint? {
    checkpoints.compactMap { one in one.validationLoss.map { (one, $0) } }
      .min { ($0.1, $0.0.step) < ($1.1, $1.0.step) }?.0
  }
}

extension TrainingConfiguration.CheckpointKeys {
  /// How many stand at most at once in a run of so many steps, one that is being written included.
  public func standing(steps: Int) -> Int {
    let written = every > 0 ? (steps + every - 1) / every : 1
    guard keep > 0 else { return written }
    let kept = keep + (keepBest ? 1 : 0) + (keepEvery > 0 ? steps / keepEvery : 0)
    return min(written, kept + 1)
  }
}
