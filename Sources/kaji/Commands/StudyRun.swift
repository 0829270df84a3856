import Base
import Lab
import Workflows

extension Commands {
  static let studyEpsilon = study(
    .adamEpsilon, "compares AdamW's ε from 1e-8 to 1e-3: curves, steps to the same loss")
  static let studyPrecision = study(
    .precision, "compares fp32, bf16 and 8-bit products: final loss, stability, saturation")

  private static func study(_ kind: StudyPlan.Kind, _ summary: String) -> Command {
    Command(
      "study \(kind.rawValue)", "", summary,
      options: [
        .value("--corpus", "NAME", "what to train on (the sample data)"),
        .value("--tokenizer", "T", "a tokenizer of the workspace (the sample data's)"),
        .value("--steps", "N", "steps an arm (1,000)"), .value("--seeds", "N", "seeds an arm (3)"),
        .value("--number", "N", "the experiment's number (else the next free one)"),
        .value("--resume", "EXPERIMENT", "goes on with a study, or makes its report anew"),
      ], count: 0...0
    ) { invocation in try run(kind, invocation) }
  }

  private static func run(_ kind: StudyPlan.Kind, _ invocation: Invocation) throws -> ExitStatus {
    let workspace = try invocation.workspace()
    Signals.install()
    Priority.stepBack()
    let context = try invocation.context(workspace)
    let isQuiet = invocation.json || invocation.quiet
    let say: @Sendable (String) -> Void = { line in if !isQuiet { Output.note(line) } }
    let study: Study
    if let number = try invocation.int("--resume", in: 1...Int.max) {
      study = try Study(resuming: number, in: workspace, context, say: say)
    } else {
      let sample =
        invocation.has("--corpus") && invocation.has("--tokenizer")
        ? nil
        : try StudyMaterials.sample(
          try Resources.folder("sample-data"), in: workspace, context, say: say)
      let plan = StudyPlan(
        kind, corpus: invocation.value("--corpus") ?? sample?.corpus ?? "",
        tokenizer: invocation.value("--tokenizer") ?? sample?.tokenizer ?? "",
        steps: try invocation.int("--steps", in: 1...1_000_000) ?? 1000,
        seeds: try invocation.int("--seeds", in: 1...100) ?? 3)
      study = try Study(
        plan, number: try invocation.int("--number", in: 1...Int.max), in: workspace, context,
        say: say)
      say("study \(study.experiment.folder.name)")
    }
    guard let outcome = try Interruption.raising(context.cancellation, { try study.run() }) else {
      say("stopped; goes on with --resume \(study.experiment.number)")
      return Signals.isPending(.interrupt) ? .interrupted : .saved
    }
    if invocation.json {
      Output.json(outcome.json)
    } else {
      Output.table(outcome.rows)
      Output.line()
      for finding in outcome.findings { Output.line(finding) }
      Output.line(Sanitiser.visible(workspace.relative(outcome.page)))
    }
    return .done
  }
}
