import Base
import Formats
import Lab
import Models
import Tensors
import Training

/// Runs, or goes on with, the run of an experiment: takes it, finds the newest good checkpoint, trains, records.
struct RunDriver {
  let experiment: Experiment
  let workspace: Workspace
  let context: WorkContext
  var takeover = false

  /// Trains until the end or a request to stop.
  ///
  /// - Parameter prepare: reads what the run needs. It is not asked when nothing is left to do, and what goes wrong
  ///   in it ends the run as any later error does: the record says why.
  func run(_ prepare: () throws -> RunSetup) throws -> RunReport {
    let folder = experiment.folder
    let ownership = try Ownership.take(
      folder, job: environment("SLURM_JOB_ID") ?? "", takeover: takeover)
    defer { ownership.release() }
    let history = RunHistory(folder)
    var warnings: [String] = []
    let checkpoint = try newestGood(in: folder, &warnings)
    if let checkpoint, let steps = history.totalSteps, checkpoint.step >= steps {
      return try finished(checkpoint, history, ownership)
    }
    var state = RunState.failed
    declare(.running, ownership)
    defer { declare(state, ownership) }
    let setup: RunSetup
    do { setup = try prepare() } catch {
      // Nothing is superseded by what has not begun: the curve stays as far as it had come.
      let step = history.lastStep ?? 0
      let recorder = try? RunRecorder(folder, from: step, ownership: ownership)
      state = Self.end(recorder, error, step: step)
      throw error
    }
    let recorder = try RunRecorder(
      folder, from: checkpoint?.step ?? 0, answered: history.answered, ownership: ownership)
    var trainer: Trainer?
    do {
      let made = try makeTrainer(setup, checkpoint, warnings, history, recorder)
      trainer = made
      let outcome = try made.run()
      state = outcome == .finished ? .finished : .stopped
      try recorder.end(state, step: made.state.step)
      return report(made, outcome)
    } catch {
      state = Self.end(recorder, error, step: trainer?.state.step ?? checkpoint?.step ?? 0)
      throw error
    }
  }

  /// Ends the record of a run that an error has ended, as far as that can still be written.
  ///
  /// - Returns: the state it ends in.
  private static func end(_ recorder: RunRecorder?, _ error: any Error, step: Int) -> RunState {
    let text = oneLine(error)
    let state = error is Stopped ? RunState.stopped : .failed
    if state == .failed { recorder?.event(TrainingEvent(.error, step: step, text)) }
    try? recorder?.end(state, step: step, text)
    return state
  }

  /// Puts the state into `experiment.yaml`, for who reads that alone.
  ///
  /// The record and the owner's file are what counts: that they say so is no reason to end a run.
  private func declare(_ state: RunState, _ ownership: Ownership) {
    guard !ownership.isLost else { return }
    _ = try? Experiments(workspace).setState(experiment.number, state)
  }

  /// A trainer at the checkpoint, or at the start, with the beginning recorded.
  private func makeTrainer(
    _ setup: RunSetup, _ checkpoint: Checkpoint?, _ earlierWarnings: [String],
    _ history: RunHistory, _ recorder: RunRecorder
  ) throws -> Trainer {
    let sound = try context.device(precision: setup.precision)
    let device: any Device = setup.fp8.map { FP8Device(sound, $0) as any Device } ?? sound
    let (parameters, state) = try load(setup, checkpoint, on: device)
    let program = try TrainingProgram(
      setup.model, parameters, capacity: setup.plan.tokensPerStep, recompute: setup.recompute,
      loss: setup.lossTerms)
    let optimizer = try Optimizer(
      setup.plan.optimizer.type, parameters, loss: program.loss, seed: setup.plan.seed)
    try checkpoint?.loadMoments(into: optimizer)
    var warnings = earlierWarnings + (checkpoint == nil ? setup.warnings : [])
    if let before = history.arithmetic, before != device.arithmetic {
      warnings.append(
        "went on from \(before) to \(device.arithmetic): the bits may not be those of one machine")
    }
    var plan = setup.plan
    let flops = plan.flopsPerToken * Double(plan.tokensPerStep) * Double(plan.steps - state.step)
    if flops > Self.measuredFrom { plan.productRate = try ProductRoof.glance(on: device) }
    let room = try CheckpointRoom(setup.plan, optimizer, at: experiment.folder.checkpoints)
    if let warning = try room.warning(from: state.step) { warnings.append(warning) }
    for warning in warnings {
      recorder.event(TrainingEvent(.warning, step: state.step, warning))
    }
    recorder.event(
      TrainingEvent(
        checkpoint == nil ? .start : .resume, step: state.step,
        "\(parameters.count) parameters on \(device.name); \(setup.precision.summary)",
        data: [
          "steps": JSON(setup.plan.steps), "arithmetic": JSON(device.arithmetic),
          "types": .object(
            JSONObject(setup.precision.types.map { ($0.numbers, JSON($0.type)) })),
          "product_flops_per_second": plan.productRate > 0 ? .number(plan.productRate) : .null,
        ]))

    return try Trainer(
      plan: plan, state: state, optimizer: optimizer, source: setup.source,
      vocabulary: setup.model.config.vocabSize, checkpoints: experiment.folder.checkpoints,
      stage: setup.stage,
      injections: setup.injections.filter { !history.pastFaults.contains($0.description) },
      interventions: history.interventions(after: state.step),
      connections: try connections(setup, program, recorder))
  }

  /// Operations of a run from which on the machine is measured first: less is done before that is.
  private static let measuredFrom = 1e13

  private func connections(
    _ setup: RunSetup, _ program: TrainingProgram, _ recorder: RunRecorder
  ) throws -> Trainer.Connections {
    let seed = setup.plan.seed
    let cancellation = context.cancellation
    var connections = Trainer.Connections(
      accumulate: { batch, step in
        try program.run(
          batch, weight: 1 / Double(batch.countedTargets), dropout: (seed: seed, step: step))
      },
      validate: try setup.validation?(setup.model, program.parameters),
      probe: { [model = setup.model] batch in
        try ActivationProbe(model, program.parameters, capacity: batch.count).measure(batch)
      },
      writeModel: { [config = setup.model.config, tokenizer = setup.tokenizerFolder] in
        try $1.writeModel(config, to: $0)
        try TokenizerFolder.copyFiles(from: tokenizer, to: $0)
      },
      readModel: { try ModelFolder($0).load(into: program.parameters) },
      stopRequest: {
        if Signals.isPending(.terminate) { return .stopped }
        if Signals.isPending(.interrupt) { return .interrupted }
        return cancellation.isCancelled ? .stopped : nil
      },
      saveRequest: { Signals.take(.save) }, observer: recorder, control: recorder,
      progress: context.progress)
    if let device = program.parameters.device as? FP8Device {
      connections.deviceMetrics = {
        let counts = device.takeCounts()
        return [(.saturated, counts.saturatedShare), (.underflow, counts.flushedShare)]
      }
    }
    return connections
  }

  // MARK: Where to go on

  /// The newest checkpoint whose checksums are right; what is wrong with newer ones goes to `warnings`.
  ///
  /// Those are set aside: they must not stand in the way of the steps that come again, nor outlive good ones.
  private func newestGood(in folder: ExperimentFolder, _ warnings: inout [String]) throws
    -> Checkpoint?
  {
    try Checkpoint.sweep(folder.checkpoints)
    for checkpoint in Checkpoint.all(in: folder.checkpoints) {
      do {
        try checkpoint.verify()
        return checkpoint
      } catch {
        warnings.append("\(checkpoint.folder.name) is set aside: \(oneLine(error))")
        try Checkpoint.setAside(checkpoint)
      }
    }
    return nil
  }

  /// The report of a run that has nothing left to do; its record gets its end, if it died just before.
  private func finished(
    _ checkpoint: Checkpoint, _ history: RunHistory, _ ownership: Ownership
  ) throws -> RunReport {
    if !history.hasEnded {
      let recorder = try RunRecorder(
        experiment.folder, from: checkpoint.step, ownership: ownership)
      try recorder.end(.finished, step: checkpoint.step)
    }
    declare(.finished, ownership)
    return RunReport(
      experiment: experiment.number, outcome: .finished, step: checkpoint.step,
      loss: history.last("loss"), validationLoss: history.last("validation_loss"),
      checkpoint: checkpoint.folder, wasFinished: true)
  }

  private func load(
    _ setup: RunSetup, _ checkpoint: Checkpoint?, on device: any Device
  ) throws -> (ParameterStore, TrainerState) {
    let hash = try configurationHash(setup)
    guard let checkpoint else {
      return (
        try setup.initialise(device),
        TrainerState(
          policy: setup.plan.spike, configurationHash: hash, tokenizerHash: setup.tokenizerHash)
      )
    }
    let state = try checkpoint.state(policy: setup.plan.spike)
    guard state.configurationHash == hash, state.tokenizerHash == setup.tokenizerHash else {
      let what = state.configurationHash == hash ? "tokenizer" : "configuration"
      throw Failure(
        "\(checkpoint.folder) was made with another \(what)",
        remedy: "Restore it, or begin a new experiment.")
    }
    return (try ModelFolder(checkpoint.folder).load(on: device).parameters, state)
  }

  /// SHA-256 over config.yaml's content and the run's inputs.
  ///
  /// Of the file as it was written, not of what this version reads from it: a later version may know more keys.
  private func configurationHash(_ setup: RunSetup) throws -> String {
    let content = try YAML.read(experiment.folder.config).root.text()
    return SHA256.hex(of: Array(([content] + setup.inputs).joined(separator: "\n").utf8))
  }

  private func report(_ trainer: Trainer, _ outcome: TrainingOutcome) -> RunReport {
    RunReport(
      experiment: experiment.number, outcome: outcome, step: trainer.state.step,
      loss: trainer.loss, validationLoss: trainer.validationLoss,
      checkpoint: Checkpoint.all(in: experiment.folder.checkpoints).first?.folder,
      wasFinished: false)
  }
}
