public import Base
public import Models
public import Tensors

/// How a run came to stop.
public enum TrainingOutcome: Equatable, Sendable {
  /// All steps are done.
  case finished
  /// Saved before the end, by request or SIGTERM; resuming goes on.
  case stopped
  /// Saved before the end, by Ctrl-C.
  case interrupted
}

/// The step loop: batch, forward and backward, update, and all that watches over it.
///
/// It reports events and metrics and does not know who records them, who asks for a stop, nor how the
/// model is scored.
public final class Trainer {
  /// What the loop is connected to.
  public struct Connections {
    /// Computes loss and gradients of a batch, which predicts at least one token; told the step, from 0.
    public var accumulate: (Batch, _ step: Int) throws -> Void
    /// Mean nats over the held-out documents; `nil`: there are none.
    public var validate: (() throws -> Double)?
    /// Puts the model into a folder, as Hugging Face has it.
    public var writeModel: (Path) throws -> Void
    /// Takes the weights of such a folder back; `nil`: it cannot be done.
    public var readModel: ((Path) throws -> Void)?
    /// Asked before each update whether to stop, and how that is to be called.
    public var stopRequest: () -> TrainingOutcome?
    /// Asked before each update whether a checkpoint is wanted out of turn.
    public var saveRequest: () -> Bool
    public var observer: any TrainingObserver
    public var control: any TrainingControl
    public var progress: any ProgressReporter

    public init(
      accumulate: @escaping (Batch, _ step: Int) throws -> Void, validate: (() throws -> Double)?,
      writeModel: @escaping (Path) throws -> Void,
      readModel: ((Path) throws -> Void)? = nil,
      stopRequest: @escaping () -> TrainingOutcome? = { nil },
      saveRequest: @escaping () -> Bool = { false }, observer: any TrainingObserver,
      control: any TrainingControl, progress: any ProgressReporter = SilentProgress()
    ) {
      self.accumulate = accumulate
      self.validate = validate
      self.writeModel = writeModel
      self.readModel = readModel
      self.stopRequest = stopRequest
      self.saveRequest = saveRequest
      self.observer = observer
      self.control = control
      self.progress = progress
    }
  }

  public let plan: TrainingPlan
  public internal(set) var state: TrainerState
  /// The loss of the newest update, and of the newest validation.
  public private(set) var loss: Double?, validationLoss: Double?

  let optimizer: Optimizer
  let source: any BatchSource
  let checkpoints: Path
  let connections: Connections
  let injections: [Injection]
  /// Learning rates that an earlier process was told, by the step they took effect at.
  private let interventions: [Int: Double]
  private let stage: String
  private let vocabulary: Int
  /// Set by a request to stop.
  private var requestedStop = false
  /// What was found about the step under way, if it was out of order.
  var finding: [(String, JSON)]?
  /// Whether no checkpoint is removed any more, and whether it was said that there is no way back.
  var keepsEverything = false
  var hasGivenUp = false
  /// Process faults that have been.
  var pastFaults: Set<String> = []
  /// Why requests could not be read the last time.
  private var controlProblem: String?

  /// Updates in a row without a finite number after which a run gives up.
  static let patience = 20

  /// A trainer at `state`; weights and moments are already there.
  public init(
    plan: TrainingPlan, state: TrainerState, optimizer: Optimizer, source: any BatchSource,
    vocabulary: Int, checkpoints: Path, stage: String, injections: [Injection] = [],
    interventions: [Int: Double] = [:], connections: Connections
  ) {
    self.plan = plan
    self.state = state
    self.optimizer = optimizer
    self.source = source
    self.vocabulary = vocabulary
    self.checkpoints = checkpoints
    self.stage = stage
    self.injections = injections
    self.interventions = interventions
    self.connections = connections
    optimizer.steps = state.optimizerSteps
  }

  /// Trains until the end or a request to stop; then the newest checkpoint holds all that was done.
  public func run() throws -> TrainingOutcome {
    while state.step < plan.steps {
      try heedRequests()
      if let outcome = requestedStop ? .stopped : connections.stopRequest() {
        try saveBeforeStopping()
        return outcome
      }
      try repeatIntervention()
      try update()
      try closeStep()
    }
    try tellOpenEnd()
    return .finished
  }

  // MARK: One update

  package func update() throws {
    let start = monotonicSeconds()
    let step = state.step
    let batch = try batch(at: step)
    guard batch.countedTargets > 0 else {
      state.step += 1
      return try report(.skip, "the batch predicts no token; no update")
    }
    try suffer(step: step)
    try connections.accumulate(batch, step)
    try damageGradient(step: step, isFirst: true)
    var outcome = try optimizer.update(control(step: step))
    if outcome.skipped { outcome = try computeAgain(batch, step: step, first: outcome) }
    state.step += 1
    state.optimizerSteps = optimizer.steps
    state.tokens += batch.count
    loss = outcome.loss
    let rate = Double(batch.count) / (monotonicSeconds() - start)
    try connections.observer.metrics(metrics(outcome, rate, step), step: state.step)
    try judge(outcome)
    connections.progress.update(
      ProgressState(
        stage: stage, done: state.step, total: plan.steps,
        note: "loss \(Format.fixed(outcome.loss, 3)) \(Format.short(rate)) tokens/s"))
  }

  private func metrics(_ outcome: StepOutcome, _ rate: Double, _ step: Int)
    -> [(metric: TrainingMetric, value: Double)]
  {
    var values: [(metric: TrainingMetric, value: Double)] = [
      (.loss, outcome.loss), (.gradientNorm, outcome.gradientNorm),
      (.learningRate, learningRate(step: step)), (.tokensPerSecond, rate),
      (.tokens, Double(state.tokens)), (.perplexity, exponential(outcome.loss)),
      (.skipped, Double(state.step - state.optimizerSteps)),
    ]
    if plan.flopsPerToken > 0 { values.append((.modelFLOPs, rate * plan.flopsPerToken)) }
    if let epoch = source.epoch(at: step + state.batchShift) { values.append((.epoch, epoch)) }
    return values
  }

  func control(step: Int) -> StepControl {
    var control = StepControl(learningRate: learningRate(step: step))
    control.beta1 = plan.optimizer.beta1
    control.beta2 = plan.optimizer.beta2
    control.momentum = plan.optimizer.momentum
    control.epsilon = plan.optimizer.epsilon
    control.weightDecay = plan.optimizer.weightDecay
    control.clip = plan.optimizer.clip
    let limits = state.spike.updateLimits
    (control.lossLimit, control.normLimit) = (limits.loss, limits.gradientNorm)
    return control
  }

  func learningRate(step: Int) -> Double {
    if injection(.learningRateJump, step) {
      return plan.optimizer.learningRate * Injection.jumpFactor
    }
    let rate = state.learningRate ?? plan.learningRates.learningRate(at: step)
    return step < state.loweredUntil ? rate * plan.spike.rateFactor : rate
  }

  /// The batch of a step, or random ids in its place if that is the fault asked for.
  private func batch(at step: Int) throws -> Batch {
    var batch = try source.batch(at: step + state.batchShift)
    guard isBadBatch(step) else { return batch }
    let random = CounterRandom(seed: plan.seed, purpose: 0xBAD, step: UInt64(step))
    for index in batch.ids.indices {
      batch.ids[index] = Int32(random.below(vocabulary, UInt64(2 * index)))
      guard batch.targets[index] != Batch.ignored else { continue }
      batch.targets[index] = Int32(random.below(vocabulary, UInt64(2 * index + 1)))
    }
    return batch
  }

  func sources(at step: Int) -> [String] {
    isBadBatch(step) ? ["injected random ids"] : source.sources(at: step + state.batchShift)
  }

  func subsets(at step: Int) -> [(name: String, documents: Int)] {
    isBadBatch(step) ? [] : source.subsets(at: step + state.batchShift)
  }

  // MARK: Between updates

  /// Validates and saves when it is time.
  private func closeStep() throws {
    let isLast = state.step == plan.steps
    if state.step == state.loweredUntil, state.step > 0 {
      try report(.learningRate, "as the schedule has it again")
    }
    if isLast || isMultiple(of: plan.validationEvery) { try validate() }
    if isLast || isMultiple(of: plan.checkpoint.every) {
      try save(isNeeded: isLast)
    }
  }

  /// Sets the learning rate that an earlier process was told at this step.
  private func repeatIntervention() throws {
    guard let rate = interventions[state.step], state.learningRate != rate else { return }
    state.learningRate = rate
    try report(.learningRate, "set to \(rate) by hand, as before", ["learning_rate": JSON(rate)])
  }

  private func isMultiple(of every: Int) -> Bool { isMultiple(state.step, of: every) }

  func isMultiple(_ step: Int, of every: Int) -> Bool { every > 0 && step % every == 0 }

  private func validate() throws {
    guard let loss = try connections.validate?() else { return }
    validationLoss = loss
    try connections.observer.metrics([(.validationLoss, loss)], step: state.step)
    try report(.validation, "validation loss \(Format.fixed(loss, 4))")
  }

  /// Saves; unless the checkpoint `isNeeded`, a disk that does not take it is no reason to stop.
  private func save(isNeeded: Bool = true) throws {
    var refusal: (any Error)?
    do {
      let checkpoint = try Checkpoint.write(
        step: state.step, to: checkpoints, state: state, optimizer: optimizer,
        writeModel: { folder in
          try fillDisk()
          try connections.writeModel(folder)
        },
        willCommit: {
          do { try connections.observer.willCommitCheckpoint() } catch {
            refusal = error
            throw error
          }
        })
      try report(.checkpoint, checkpoint.folder.name)
    } catch {
      guard !isNeeded, refusal == nil else { throw error }
      return try report(.error, "no checkpoint, the run goes on: \(oneLine(error))")
    }
    guard !keepsEverything else { return }
    do { try Checkpoint.prune(checkpoints, keeping: plan.checkpoint.keep) } catch {
      // What is too much on the disk is no reason to stop.
      try report(.warning, "an old checkpoint could not be removed: \(oneLine(error))")
    }
  }

  /// Saves unless the newest checkpoint is of this very step.
  func saveBeforeStopping() throws {
    let newest = Checkpoint.all(in: checkpoints).first
    if newest?.step != state.step { try save() }
  }

  /// Heeds what people ask; while paused, waits here.
  private func heedRequests() throws {
    var isPaused = false
    while true {
      for request in try waitingRequests() {
        try heed(request, &isPaused)
        do { try connections.control.finish(request) } catch { try noteProblem(error) }
      }
      if connections.saveRequest() { try save() }
      guard isPaused, !requestedStop, connections.stopRequest() == nil else { return }
      sleep(seconds: 0.1)
    }
  }

  private func heed(_ request: TrainingRequest, _ isPaused: inout Bool) throws {
    let data: JSON = ["request": JSON(request.id)]
    switch request.wish {
    case .pause:
      isPaused = true
      try report(.pause, "paused", data)
    case .goOn:
      isPaused = false
      try report(.goOn, "continued", data)
    case .save:
      try report(.save, "asked for a checkpoint", data)
      try save()
    case .stop:
      requestedStop = true
      try report(.stop, "asked to stop", data)
    case .learningRate(let rate):
      state.learningRate = rate
      try report(
        .learningRate, "set to \(rate) by hand",
        ["request": JSON(request.id), "learning_rate": JSON(rate)])
    }
  }

  /// The requests that wait; if they cannot be read, none, and that is said once.
  private func waitingRequests() throws -> [TrainingRequest] {
    do {
      let requests = try connections.control.pending()
      controlProblem = nil
      return requests
    } catch {
      try noteProblem(error)
      return []
    }
  }

  private func noteProblem(_ error: any Error) throws {
    let text = oneLine(error)
    guard text != controlProblem else { return }
    controlProblem = text
    try report(.warning, "requests are not heeded: \(text)")
  }

  private func report(_ kind: TrainingEvent.Kind, _ text: String, _ data: JSON = .null) throws {
    try report(kind, step: state.step, text, data)
  }

  func report(
    _ kind: TrainingEvent.Kind, step: Int, _ text: String, _ data: JSON = .null
  ) throws {
    var data = data
    if step < state.step {
      // A resume from in between tells it again.
      data = .object(
        JSONObject((data.object.map { Array($0) } ?? []) + [("told", JSON(state.step))]))
    }
    try connections.observer.event(TrainingEvent(kind, step: step, text, data: data))
  }
}
