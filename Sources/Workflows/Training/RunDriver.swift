import Base
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
    var warnings: [String] = []
    let checkpoint = newestGood(in: folder, &warnings)
    if let finished = finishedReport(setup, checkpoint) { return finished }

    let device = try context.device()
    let (parameters, state) = try load(setup, checkpoint, on: device)
    let program = try TrainingProgram(
      setup.model, parameters, capacity: setup.plan.tokensPerStep)
    let optimizer = try AdamW(parameters, loss: program.loss)
    try checkpoint?.loadMoments(into: optimizer)
    let interventions = try interventions(after: state.step)
    let recorder = try RunRecorder(folder, from: state.step, ownership: ownership)
    for warning in warnings {
      recorder.event(TrainingEvent(.warning, step: state.step, warning))
    }
    recorder.event(
      TrainingEvent(
        checkpoint == nil ? .start : .resume, step: state.step,
        "\(parameters.count) parameters on \(device.name)"))

    let trainer = Trainer(
      plan: setup.plan, state: state, optimizer: optimizer, source: setup.source,
      vocabulary: setup.model.config.vocabSize, checkpoints: folder.checkpoints,
      stage: setup.stage, injections: setup.injections, interventions: interventions,
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
    return Trainer.Connections(
      accumulate: { batch, step in
        let counted = max(1, batch.countedTargets)
        try program.run(batch, weight: 1 / Double(counted), dropout: (seed: seed, step: step))
      },
      validate: try setup.validation?(setup.model, program.parameters),
      writeModel: { folder in
        try ModelFolder.write(setup.model, program.parameters, to: folder)
        try TokenizerFolder.copyFiles(from: setup.tokenizerFolder, to: folder)
      },
      stopRequest: {
        if Signals.isPending(.terminate) { return .stopped }
        return Signals.isPending(.interrupt) ? .interrupted : nil
      },
      saveRequest: { Signals.take(.save) }, observer: recorder, control: recorder,
      progress: context.progress)
  }

  // MARK: Where to go on

  /// The newest checkpoint whose checksums are right; what is wrong with newer ones goes to `warnings`.
  private func newestGood(in folder: ExperimentFolder, _ warnings: inout [String]) -> Checkpoint? {
    for checkpoint in Checkpoint.all(in: folder.checkpoints) {
      do {
        try checkpoint.verify()
        return checkpoint
      } catch { warnings.append("\(checkpoint.folder.name) left aside: \(oneLine(error))") }
    }
    return nil
  }

  /// The report of a run that has nothing left to do.
  private func finishedReport(_ setup: RunSetup, _ checkpoint: Checkpoint?) -> RunReport? {
    guard let checkpoint, checkpoint.step >= setup.plan.steps else { return nil }
    var reader = RunReader(experiment.folder.run)
    reader.refresh()
    return RunReport(
      experiment: experiment.number, outcome: .finished, step: checkpoint.step,
      loss: reader["loss"]?.last, validationLoss: reader["validation_loss"]?.last,
      checkpoint: checkpoint.folder)
  }

  private func load(
    _ setup: RunSetup, _ checkpoint: Checkpoint?, on device: any Device
  ) throws -> (ParameterStore, TrainerState) {
    let hash = SHA256.hex(of: Array(setup.configuration.text().utf8))
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

  /// Learning rates set by hand at or after `step`, by an earlier process of this run.
  private func interventions(after step: Int) throws -> [Int: Double] {
    var reader = RunReader(experiment.folder.run)
    reader.refresh()
    var rates: [Int: Double] = [:]
    for event in reader.events where event.kind == .lr && event.step >= step {
      rates[event.step] = event.data["learning_rate"]?.double
    }
    return rates
  }

  private func report(_ trainer: Trainer, _ outcome: TrainingOutcome) -> RunReport {
    RunReport(
      experiment: experiment.number, outcome: outcome, step: trainer.state.step,
      loss: trainer.loss, validationLoss: trainer.validationLoss,
      checkpoint: Checkpoint.all(in: experiment.folder.checkpoints).first?.folder)
  }
}
