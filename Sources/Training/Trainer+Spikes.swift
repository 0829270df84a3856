import Base
import Models
import Tensors

/// What a step that was out of order is looked into for, and what is done about it.
extension Trainer {
  /// Computes a step again that was above its limits or gave no number.
  ///
  /// The same weights, batch and random numbers give the same bits on sound hardware: a difference is a fault of
  /// the machine, and then the second result counts. The gradient of the second run is there to be looked at.
  func computeAgain(_ batch: Batch, step: Int, first: StepOutcome) throws -> StepOutcome {
    try connections.accumulate(batch, step)
    try damageGradient(step: step, isFirst: false)
    let evidence = isFirstHigh ? evidence(batch, step: step) : nil
    var control = control(step: step)
    if plan.spike.action == .record, first.isFinite {
      (control.lossLimit, control.normLimit) = (.infinity, .infinity)
    }
    let second = try optimizer.update(control)
    guard !Self.sameBits(first, second) else {
      finding = evidence.map { $0 + [("rerun", "same")] }
      return second
    }
    func told(_ outcome: StepOutcome) -> String {
      "loss \(Format.significant(outcome.loss, 9)) and gradient norm "
        + Format.significant(outcome.gradientNorm, 9)
    }
    try report(
      .warning, step: step + 1,
      "computed again, the step gave \(told(second)), not \(told(first)): the hardware is at fault; the second "
        + "counts", .object(JSONObject((evidence ?? []) + [("rerun", "different")])))
    return second
  }

  private var isFirstHigh: Bool { state.spike.highs == 0 && state.notFinite == 0 }

  private static func sameBits(_ a: StepOutcome, _ b: StepOutcome) -> Bool {
    func same(_ x: Double, _ y: Double) -> Bool { x == y || x.isNaN && y.isNaN }
    return same(a.loss, b.loss) && same(a.gradientNorm, b.gradientNorm)
  }

  /// Where the batch came from, the gradient's norm in each layer, and what Adam's denominators were.
  private func evidence(_ batch: Batch, step: Int) -> [(String, JSON)] {
    var damped = 0.0
    var counted = 0
    for parameter in optimizer.parameters.parameters {
      if optimizer.moments(of: parameter).contains(.second) {
        let correction =
          1
          - exponential(
            Double(max(1, optimizer.steps)) * logarithm(max(plan.optimizer.beta2, 1e-30)))
        let floor = plan.optimizer.epsilon * plan.optimizer.epsilon * correction
        damped += Double(
          optimizer.read(.second, of: parameter).count { Double($0) < floor })
        counted += parameter.range.count
      }
    }
    // What cannot be looked at is missing in the explanation, and no reason to stop.
    let magnitudes = try? connections.probe?(batch)
    return [
      ("learning_rate", .number(learningRate(step: step))),
      ("batch", .array(sources(at: step).map { JSON($0) })),
      (
        "subsets",
        .object(
          JSONObject(
            subsets(at: step).map { ($0.name, JSON($0.documents)) }))
      ),
      (
        "layers",
        .object(JSONObject(gauges.layers.measure().map { ($0.name, JSON.number($0.norm)) }))
      ),
      (
        "activations",
        magnitudes.map { found in
          .object(JSONObject(found.layers.map { ($0.name, JSON.number($0.largest)) }))
        } ?? .null
      ),
      ("largest_logit", magnitudes.map { .number($0.logit) } ?? .null),
      ("below_epsilon", counted > 0 ? .number(damped / Double(counted)) : .null),
    ]
  }

  /// Says what the newest update came to, and follows the plan.
  func judge(_ outcome: StepOutcome) throws {
    let wasHigh = state.spike.highs > 0
    let verdicts = state.spike.observe(
      loss: outcome.loss, gradientNorm: outcome.gradientNorm, step: state.step)
    try tellHigh(verdicts, outcome)
    for verdict in verdicts {
      switch verdict {
      case .high: break
      case .spike(let excess):
        try report(
          .spike, step: excess.start, excess.text + "; batch: " + batchText(excess.start - 1),
          excess.data)
      case .level(let excess):
        try report(
          .warning, step: excess.start,
          "the \(excess.signal.rawValue) has stayed up for \(plan.spike.longest) steps: a new level, or the run "
            + "diverges; \(excess.text)", excess.data)
      }
    }
    if outcome.isFinite {
      state.notFinite = 0
    } else {
      try endure(outcome)
    }
    finding = nil
    if !wasHigh, state.spike.highs > 0 { try lowerRate() }
    if state.spike.highs > plan.spike.patience { try escalate() }
  }

  /// The event of a step that is high: what was found, and whether its update was left out.
  private func tellHigh(_ verdicts: [SpikeDetector.Verdict], _ outcome: StepOutcome) throws {
    guard outcome.isFinite else { return }
    let highs = verdicts.compactMap { verdict -> SpikeDetector.Excess? in
      if case .high(let excess) = verdict { excess } else { nil }
    }
    guard outcome.skipped || !highs.isEmpty else { return }
    let what = highs.isEmpty ? "still high" : highs.map(\.text).joined(separator: "; ")
    var data = highs.first?.data
    if let finding, !highs.isEmpty {
      data = .object(JSONObject((data?.object.map { Array($0) } ?? []) + finding))
    }
    try report(
      outcome.skipped ? .skip : .warning, step: state.step,
      (outcome.skipped ? "update left out, weights unchanged; " : "") + what
        + (highs.isEmpty ? "" : "; batch: " + batchText(state.step - 1)), data ?? .null)
  }

  private func batchText(_ step: Int) -> String {
    sources(at: step).prefix(4).joined(separator: ", ")
  }

  // MARK: The plan

  private func lowerRate() throws {
    guard plan.spike.action == .lowerRate else { return }
    state.loweredUntil = state.step + plan.spike.rateSteps
    try report(
      .learningRate, step: state.step,
      "times \(plan.spike.rateFactor) for \(plan.spike.rateSteps) updates, because of a spike")
  }

  /// What comes when leaving updates out did not help.
  private func escalate() throws {
    guard let excess = state.spike.underWay else { return }
    switch plan.spike.action {
    case .record, .skip, .lowerRate: break
    case .rollback: try rollBack(excess)
    case .stop:
      try report(.spike, step: excess.start, excess.text, excess.data)
      let highs = state.spike.highs
      // Whoever goes on has seen it: what is saved must not stop at once again.
      state.spike = SpikeDetector(policy: plan.spike)
      state.keepsEverything = true
      try saveBeforeStopping()
      throw Failure(
        "\(highs) losses in a row were too high at step \(state.step), and spike.action is stop",
        remedy: "All checkpoints are kept; see 'kaji runs why', then go on with --resume.")
    }
  }

  /// Goes back to a checkpoint before the spike and passes its batches over.
  ///
  /// A process that dies before the next checkpoint comes the same way again: into the spike, and back.
  private func rollBack(_ excess: SpikeDetector.Excess) throws {
    let high = state.step
    guard state.rollbacks < plan.spike.rollbacks else {
      return try giveUp("it went back \(state.rollbacks) times already, as spike.rollbacks allows")
    }
    try settleSaving()
    // Only those of the schedule: what somebody had saved in between must not change where a run goes.
    let target = Checkpoint.all(in: checkpoints).first {
      isMultiple($0.step, of: plan.checkpoint.every)
        && $0.step <= excess.start - plan.spike.rollbackSteps && (try? $0.verify()) != nil
    }
    guard let target, let readModel = connections.readModel else {
      return try giveUp(
        "no checkpoint of checkpoint.every lies \(plan.spike.rollbackSteps) steps or more before step \(excess.start)"
      )
    }
    try report(.spike, step: excess.start, excess.text, excess.data)
    var earlier = try target.state(policy: plan.spike)
    earlier.rollbacks = state.rollbacks + 1
    earlier.faultsUntil = max(high, state.faultsUntil)
    // The next batch is the one after those of the spike, and after the ones to pass over.
    earlier.batchShift = high + state.batchShift + plan.spike.skipBatches - earlier.step
    // The curve is another from here on: its old spread says nothing of it.
    earlier.spike = SpikeDetector(policy: plan.spike)
    try readModel(target.folder)
    try target.loadMoments(into: optimizer)
    try connections.observer.willRollBack(to: earlier.step)
    for checkpoint in Checkpoint.all(in: checkpoints) where checkpoint.step > target.step {
      try Checkpoint.supersede(checkpoint)
    }
    state = earlier
    optimizer.steps = state.optimizerSteps
    try report(
      .rollback, step: state.step,
      "from step \(high) back to \(state.step), because the curve stayed high; goes on with batch "
        + "\(state.step + state.batchShift + 1)",
      ["from": JSON(high), "batch_shift": JSON(state.batchShift)])
  }

  private func giveUp(_ why: String) throws {
    guard !hasGivenUp else { return }
    hasGivenUp = true
    try report(.warning, step: state.step, "cannot roll back: \(why)")
  }
}

extension Trainer {
  /// Says that the run ended high, if it did: so short, that is a spike, by the odds; longer, nobody can tell.
  func tellOpenEnd() throws {
    guard let excess = state.spike.underWay else { return }
    let isShort = state.step - excess.start < plan.spike.patience
    try report(
      isShort ? .spike : .warning, step: excess.start,
      isShort
        ? excess.text + "; batch: " + batchText(excess.start - 1) + "; the run ended with it"
        : "still high at the end: a spike, or a new level; \(excess.text)",
      excess.data)
  }

  /// Goes on over an update that gave no number, unless all of them do.
  private func endure(_ outcome: StepOutcome) throws {
    state.notFinite += 1
    let what = outcome.loss.isFinite ? "gradient" : "loss"
    try report(
      .error, step: state.step,
      "the \(what) is not finite; the update was left out; batch: \(batchText(state.step - 1))",
      finding.map { .object(JSONObject($0)) } ?? .null)
    guard state.notFinite >= Self.patience else { return }
    throw Failure(
      "the \(what) was not finite for \(state.notFinite) updates in a row",
      remedy: "Begin anew with a lower optimizer.learning_rate or a longer schedule.warmup_steps.")
  }
}
