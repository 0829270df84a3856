import Base
import Formats
import Lab
import Training
import Workflows

extension Commands {
  static let train = Command(
    "train", "CONFIG.yaml | --resume EXPERIMENT", "pre-trains a model, or goes on with a run",
    options: runOptions + [
      .value(
        "--inject", "KIND@STEP",
        "puts a fault in: bad-batch, nan-grad, bit-flip, lr-jump, disk-full, slow or kill",
        .repeated),
      .value("--resume", "EXPERIMENT", "goes on with its run, whatever kind it is of"),
      .flag("--takeover", "succeeds a holder on another host without waiting"),
    ], count: 0...1
  ) { invocation in
    if invocation.has("--resume") { return try resume(invocation) }
    guard let file = invocation.arguments.first else {
      throw UsageError(
        "'kaji train' got no CONFIG", remedy: "Name a configuration, or use --resume EXPERIMENT.")
    }
    guard !invocation.has("--takeover") else {
      throw UsageError("--takeover goes with --resume", remedy: "Leave it out.")
    }
    let workspace = try invocation.workspace()
    let context = try invocation.context(workspace)
    var configuration = try Pretraining.configuration(
      Path(file), settings: invocation.values("--set"))
    configuration.inject += try invocation.values("--inject").map { try Injection($0) }
    if invocation.has("--dry-run") {
      let plan = try Pretraining.plan(configuration, in: workspace, context)
      if invocation.json {
        Output.json(.object([("config", plan.configuration.json)] + plan.json))
      } else {
        Output.untrusted(YAML.text(plan.configuration.json))
        for line in plan.lines { Output.line(Sanitiser.visible("# " + line)) }
      }
      return .done
    }
    let experiment = try Pretraining.register(
      configuration, slug: try slug(invocation, file), purpose: invocation.value("--purpose") ?? "",
      number: try invocation.int("--number", in: 1...Int.max), in: workspace, context)
    return try start(experiment, in: workspace, invocation) { context in
      try Pretraining.run(experiment, in: workspace, context)
    }
  }

  private static func resume(_ invocation: Invocation) throws -> ExitStatus {
    for option in ["--set", "--inject", "--number", "--dry-run", "--slug", "--purpose"]
    where invocation.has(option) {
      throw UsageError(
        "\(option) does not go with --resume",
        remedy: "A run goes on with the configuration it began with.")
    }
    guard invocation.arguments.isEmpty else {
      throw UsageError("--resume takes no CONFIG", remedy: "Leave the one or the other out.")
    }
    guard let number = try invocation.int("--resume", in: 1...Int.max) else { return .usage }
    let workspace = try invocation.workspace()
    let experiment = try Experiments(workspace).find(number)
    let takeover = invocation.has("--takeover")
    return try start(experiment, in: workspace, invocation) { context in
      let report = try RunResumption.run(number, in: workspace, context, takeover: takeover)
      if report.wasFinished {
        invocation.remark("experiment \(number) is finished: nothing is left to do")
      }
      return report
    }
  }
}
