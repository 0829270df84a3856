import Base
import Lab
import Tuning
import Workflows

extension Commands {
  static let tuneSFT = Command(
    "tune sft", "CONFIG.yaml", "fine-tunes a model on conversations", options: runOptions,
    count: 1...1
  ) { invocation in
    let file = invocation.arguments[0]
    let workspace = try invocation.workspace()
    let context = try invocation.context(workspace)
    let configuration = try SupervisedTuning.configuration(
      Path(file), settings: invocation.values("--set"))
    if invocation.has("--dry-run") {
      let preview = try SupervisedTuning.preview(configuration, in: workspace)
      for warning in preview.warnings {
        invocation.remark("kaji: warning: \(Sanitiser.visible(warning))")
      }
      return show(
        preview.configuration.json, invocation, parameters: preview.parameters,
        steps: preview.steps, tokensPerStep: configuration.tokensPerStep)
    }
    let experiment = try SupervisedTuning.register(
      configuration, slug: try slug(invocation, file), purpose: invocation.value("--purpose") ?? "",
      number: try invocation.int("--number", in: 1...Int.max), in: workspace, context)
    return try start(experiment, in: workspace, invocation) { context in
      try SupervisedTuning.run(experiment, in: workspace, context)
    }
  }
}
