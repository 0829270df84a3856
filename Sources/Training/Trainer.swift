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
    /// Scores the held-out documents; `nil`: there are none.
    public var validate: (() throws -> ValidationResult)?
    /// Looks at a batch's forward pass, when a step is out of order; `nil`: it cannot be done.
    public var probe: ((Batch) throws -> Magnitudes)?
    /// What the device has to tell of the newest step; `nil`: nothing.
    public var deviceMetrics: (() -> [(metric: TrainingMetric, value: Double)])?
    /// Puts the model into a folder, as Hugging Face has it; called from a thread of its own.
    public var writeModel: @Sendable (Path, any CheckpointNumbers) throws -> Void
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
      accumulate: @escaping (Batch, _ step: Int) throws -> Void,
      validate: (() throws -> ValidationResult)?,
      probe: ((Batch) throws -> Magnitudes)? = nil,
      writeModel: @escaping @Sendable (Path, any CheckpointNumbers) throws -> Void,
      readModel: ((Path) throws -> Void)? = nil,
      stopRequest: @escaping () -> TrainingOutcome? = { nil },
      saveRequest: @escaping () -> Bool = { false }, observer: any TrainingObserver,
      control: any TrainingControl, progress: any ProgressReporter = SilentProgress()
    ) {
      self.accumulate = accumulate
      self.validate = validate
      self.probe = probe
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
  let writer = CheckpointWriter()
  var savingTime = SavingTime()
  /// Whether the run cannot do without the checkpoint under way.
  var isSavingNeeded = false
  let connections: Connections
  let injections: [Injection]
  var gauges: Gauges
  /// Learning rates that this process or an earlier one was told, by the step they took effect at.
  private var interventions: [Int: Double]
  private let stage: String
  private let vocabulary: Int
  /// Set by a request to stop.
  private var requestedStop = false
  /// What was found about the step under way, if it was out of order.
  var finding: [(String, JSON)]?
  /// Whether it was said that there is no way back.
  var hasGivenUp = false
  /// Process faults that have been.
  var pastFaults: Set<String> = []
  /// Why requests could not be read the last time.
  private var controlProblem: String?

  /// Updates in a row without a finite number after which a run gives up.
  static let patience = 20

  /// A trainer at `state`; weights and moments are already there.
  ///
  /// - Throws: ``Failure`` if the device has not enough memory.
  public init(
    plan: TrainingPlan, state: TrainerState, optimizer: Optimizer, source: any BatchSource,
    vocabulary: Int, checkpoints: Path, stage: String, injections: [Injection] = [],
    interventions: [Int: Double] = [:], connections: Connections
  ) throws {
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
    gauges = try Gauges(optimizer.parameters)
    optimizer.steps = state.optimizerSteps
  }

  /// Trains until the end or a request to stop; then the newest checkpoint holds all that was done.
  public func run() throws -> TrainingOutcome {
    // What ends the run must not leave a checkpoint behind that is still being written.
    defer { _ = writer.wait() }
    savingTime = SavingTime()
    while state.step < plan.steps {
      try noteSaved()
      try heedRequests()
      if let outcome = requestedStop ? .stopped : connections.stopRequest() {
        try saveBeforeStopping()
        return outcome
      }
      try repeatIntervention()
      let step = state.step
      try update()
      // A rollback stands where a step was closed before.
      if state.step > step { try closeStep() }
    }
    try settleSaving()
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
    measureBefore()
    var outcome = try optimizer.update(control(step: step))
    if outcome.skipped, plan.isRepeatable {
      outcome = try computeAgain(batch, step: step, first: outcome)
    }
    state.step += 1
    state.optimizerSteps = optimizer.steps
    state.tokens += batch.count
    loss = outcome.loss
    let rate = Double(batch.count) / (monotonicSeconds() - start)
    if !outcome.isFinite { state.nonFiniteSteps += 1 }
    try connections.observer.metrics(metrics(outcome, batch, rate, step), step: state.step)
    try judge(outcome)
    connections.progress.update(
      ProgressState(
        stage: stage, done: state.step, total: plan.steps,
        note: "loss \(Format.fixed(outcome.loss, 3)) \(Format.short(rate)) tokens/s"))
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
    if plan.spike.action == .record, !plan.isRepeatable {
      (control.lossLimit, control.normLimit) = (.infinity, .infinity)
    }
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

  /// Sets the learning rate that was told at this step before: by an earlier process, or before a rollback.
  private func repeatIntervention() throws {
    guard let rate = interventions[state.step], state.learningRate != rate else { return }
    state.learningRate = rate
    try report(.learningRate, "set to \(rate) by hand, as before", ["learning_rate": JSON(rate)])
  }

  private func isMultiple(of every: Int) -> Bool { isMultiple(state.step, of: every) }

  func isMultiple(_ step: Int, of every: Int) -> Bool { every > 0 && step % every == 0 }

  private func validate() throws {
    guard let result = try connections.validate?() else { return }
    let loss = result.loss
    validationLoss = loss
    (state.validatedAt, state.validationLoss) = (state.step, loss)
    let domains = result.domains.count > 1 ? result.domains : []
    try connections.observer.metrics(
      [(.validationLoss, loss)] + domains.map { (.validationLoss(of: $0.name), $0.loss) },
      step: state.step)
    let parts = domains.map { "; \($0.name) \(Format.fixed($0.loss, 4))" }.joined()
    try report(.validation, "validation loss \(Format.fixed(loss, 4))\(parts)")
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
      // While the loop waits anyway, whoever asked for a checkpoint hears of it at once.
      if isPaused { try settleSaving() }
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
      interventions[state.step] = rate
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
