import Base
import Lab
import Workflows

extension Commands {
  static let experimentNew = Command(
    "exp new", "SLUG", "registers an experiment under a number of its own",
    options: [
      .value("--number", "N", "adopts a number given elsewhere, as a GitHub issue's"),
      .value("--kind", "KIND", "corpus, tokenizer, convert, pretrain, sft, dpo, eval or study"),
      .value("--title", "TEXT", "what lists call it"),
      .value("--purpose", "TEXT", "what it is for"),
    ], count: 1...1
  ) { invocation in
    let workspace = try invocation.workspace()
    let kind: ExperimentKind = try invocation.choice("--kind") ?? .study
    let experiment = try Experiments(workspace).create(
      slug: invocation.arguments[0], kind: kind,
      number: try invocation.int("--number", in: 1...Int.max),
      title: invocation.value("--title") ?? "", purpose: invocation.value("--purpose") ?? "",
      provenance: try invocation.context(workspace).provenance())
    if invocation.json {
      Output.json(line(experiment, experiment.state, in: workspace))
    } else {
      Output.line(Sanitiser.visible(workspace.relative(experiment.folder.path)))
    }
    return .done
  }

  /// An experiment as `exp list` gives it.
  static func line(_ experiment: Experiment, _ state: RunState, in workspace: Workspace) -> JSON {
    [
      "number": JSON(experiment.number), "slug": JSON(experiment.slug),
      "kind": JSON(experiment.kind.rawValue), "state": JSON(state.rawValue),
      "folder": JSON(workspace.relative(experiment.folder.path)),
    ]
  }
}
