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
  func run(_ setup: RunSetup) throws -> RunReport {
    let folder = experiment.folder
    let ownership = try Ownership.take(folder, takeover: takeover)
    defer { ownership.release() }
    let history = RunHistory(folder)
    var warnings: [String] = []
    let checkpoint = try newestGood(in: folder, &warnings)
    if let checkpoint, checkpoint.step >= setup.plan.steps {
      return try finished(checkpoint, history, ownership)
    }

    let device = try context.device()
    let (parameters, state) = try load(setup, checkpoint, on: device)
    let program = try TrainingProgram(
      setup.model, parameters, capacity: setup.plan.tokensPerStep)
    let optimizer = try AdamW(parameters, loss: program.loss)
    try checkpoint?.loadMoments(into: optimizer)
    let recorder = try RunRecorder(
      folder, from: state.step, answered: history.answered, ownership: ownership)
    if checkpoint == nil { warnings += setup.warnings }
    for warning in warnings {
      recorder.event(TrainingEvent(.warning, step: state.step, warning))
    }
    recorder.event(
      TrainingEvent(
        checkpoint == nil ? .start : .resume, step: state.step,
        "\(parameters.count) parameters on \(device.name)",
        data: ["steps": JSON(setup.plan.steps)]))

    let trainer = Trainer(
      plan: setup.plan, state: state, optimizer: optimizer, source: setup.source,
      vocabulary: setup.model.config.vocabSize, checkpoints: folder.checkpoints,
      stage: setup.stage, injections: setup.injections,
      interventions: history.interventions(after: state.step),
      connections: try connections(setup, program, recorder))
    do {
      let outcome = try trainer.run()
      try recorder.end(outcome == .finished ? .finished : .stopped, step: trainer.state.step)
      return report(trainer, outcome)
    } catch {
      let text = oneLine(error)
      recorder.event(TrainingEvent(.error, step: trainer.state.step, text))
      try? recorder.end(.failed, step: trainer.state.step, text)
      throw error
    }
  }

  private func connections(
    _ setup: RunSetup, _ program: TrainingProgram, _ recorder: RunRecorder
  ) throws -> Trainer.Connections {
    let seed = setup.plan.seed
    let cancellation = context.cancellation
    return Trainer.Connections(
      accumulate: { batch, step in
        try program.run(
          batch, weight: 1 / Double(batch.countedTargets), dropout: (seed: seed, step: step))
      },
      validate: try setup.validation?(setup.model, program.parameters),
      writeModel: { folder in
        try ModelFolder.write(setup.model, program.parameters, to: folder)
        try TokenizerFolder.copyFiles(from: setup.tokenizerFolder, to: folder)
      },
      stopRequest: {
        if Signals.isPending(.terminate) { return .stopped }
        if Signals.isPending(.interrupt) { return .interrupted }
        return cancellation.isCancelled ? .stopped : nil
      },
      saveRequest: { Signals.take(.save) }, observer: recorder, control: recorder,
      progress: context.progress)
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
    return RunReport(
      experiment: experiment.number, outcome: .finished, step: checkpoint.step,
      loss: history.last("loss"), validationLoss: history.last("validation_loss"),
      checkpoint: checkpoint.folder)
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
      checkpoint: Checkpoint.all(in: experiment.folder.checkpoints).first?.folder)
  }
}
