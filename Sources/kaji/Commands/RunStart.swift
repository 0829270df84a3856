import Base
import Formats
import Lab
import Training
import Workflows

/// What `train` and `tune` share.
extension Commands {
  /// Their options.
  static let runOptions: [Option] = [
    .value("--set", "KEY=VALUE...", "overrides a key, as optimizer.learning_rate=0.001", .settings),
    .flag("--dry-run", "shows the resolved configuration and starts nothing"),
    .flag("--detach", "starts the run in the background and returns"),
    .flag("--slurm", "hands the run to Slurm; the script is shown"),
    .value("--sbatch", "OPTION", "a further option of sbatch, as --partition=main", .repeated),
    .value("--number", "N", "the experiment's number (else the next free one)"),
    .value("--slug", "SLUG", "the experiment's short name (else the configuration's)"),
    .value("--purpose", "TEXT", "what the experiment is for"),
  ]

  /// The experiment's short name: as given, else made of the configuration's file name.
  static func slug(_ invocation: Invocation, _ file: String) throws -> String {
    if let slug = invocation.value("--slug") { return slug }
    return ExperimentFolder.slug(for: Path(file))
  }

  /// Prints a resolved configuration with its figures.
  static func show(
    _ configuration: JSON, _ invocation: Invocation, parameters: Int, steps: Int,
    tokensPerStep: Int
  ) -> ExitStatus {
    let (tokens, isHuge) = steps.multipliedReportingOverflow(by: tokensPerStep)
    let figures = [
      ("parameters", parameters), ("steps", steps), ("tokens_per_step", tokensPerStep),
      ("tokens", isHuge ? .max : tokens),
    ]
    if invocation.json {
      Output.json(
        .object([("config", configuration)] + figures.map { ($0.0, JSON($0.1)) }))
    } else {
      Output.untrusted(YAML.text(configuration))
      for (name, value) in figures { Output.line("# \(name): \(Format.count(value))") }
    }
    return .done
  }

  /// Trains in this process, or starts one that does.
  ///
  /// - Parameter run: given the context to train with.
  static func start(
    _ experiment: Experiment, in workspace: Workspace, _ invocation: Invocation,
    _ run: (WorkContext) throws -> RunReport
  ) throws -> ExitStatus {
    if invocation.has("--slurm") { return try submit(experiment, in: workspace, invocation) }
    if invocation.has("--detach") {
      return try detach(experiment.number, in: workspace, invocation)
    }
    Signals.install()
    Priority.stepBack()
    if !invocation.json, !invocation.has("--resume") {
      invocation.remark("experiment \(experiment.folder.name)")
    }
    let report: RunReport
    do {
      let context = try invocation.context(workspace)
      // What comes before the first update looks at the flag; the updates look at the signals themselves.
      report = try Interruption.raising(context.cancellation) { try run(context) }
    } catch let stop as Stopped where Signals.isPending(.terminate) {
      // Nothing is lost: the run goes on from where it was before.
      Output.note("kaji: \(oneLine(stop))")
      return .saved
    }
    let state = report.outcome == .finished ? RunState.finished : .stopped
    let checkpoint = report.checkpoint.map { workspace.relative($0) }
    if invocation.json {
      Output.json([
        "experiment": JSON(report.experiment), "state": JSON(state.rawValue),
        "step": JSON(report.step), "loss": report.loss.map { JSON($0) } ?? .null,
        "validation_loss": report.validationLoss.map { JSON($0) } ?? .null,
        "checkpoint": checkpoint.map { JSON($0) } ?? .null,
      ])
    } else {
      var text = "experiment \(report.experiment) \(state.rawValue) at step \(report.step)"
      if let loss = report.loss { text += ", loss \(Format.fixed(loss, 4))" }
      if let loss = report.validationLoss { text += ", validation loss \(Format.fixed(loss, 4))" }
      Output.line(text)
      if let checkpoint { Output.line(Sanitiser.visible(checkpoint)) }
    }
    switch report.outcome {
    case .finished: return .done
    case .stopped: return .saved
    case .interrupted: return .interrupted
    }
  }

  /// Hands a run to Slurm, and shows with what script.
  private static func submit(
    _ experiment: Experiment, in workspace: Workspace, _ invocation: Invocation
  ) throws -> ExitStatus {
    let launcher = SlurmLauncher(options: invocation.values("--sbatch"))
    let script = launcher.script(
      experiment, in: workspace, arguments: placement(invocation))
    let job = try launcher.submit(script, of: experiment)
    if invocation.json {
      Output.json([
        "experiment": JSON(experiment.number), "state": JSON(RunState.created.rawValue),
        "step": 0, "loss": .null, "checkpoint": .null, "job": JSON(job), "script": JSON(script),
      ])
    } else {
      Output.untrusted(script)
      Output.line(
        "experiment \(experiment.number) is job \(job) of Slurm; watch it with 'kaji runs watch "
          + "\(experiment.number)'")
    }
    return .done
  }

  /// Where and how wide a run that is started elsewhere computes.
  private static func placement(_ invocation: Invocation) -> [String] {
    ["--threads", "--device"].flatMap { name in
      invocation.value(name).map { [name, $0] } ?? []
    }
  }

  private static func detach(
    _ number: Int, in workspace: Workspace, _ invocation: Invocation
  ) throws -> ExitStatus {
    var options = placement(invocation)
    if invocation.has("--takeover") { options.append("--takeover") }
    let (pid, log) = try LocalLauncher().resume(number, in: workspace, options: options)
    if invocation.json {
      Output.json([
        "experiment": JSON(number), "state": JSON(RunState.running.rawValue), "step": 0,
        "loss": .null, "checkpoint": .null, "pid": JSON(pid),
        "log": JSON(workspace.relative(log)),
      ])
    } else {
      Output.line(
        "experiment \(number) runs as process \(pid); watch it with 'kaji runs watch \(number)'")
    }
    return .done
  }
}
