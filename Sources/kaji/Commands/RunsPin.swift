import Base
import Workflows

extension Commands {
  static let runsPin = Command(
    "runs pin", "N STEP", "lets a checkpoint stay whatever checkpoint.keep says",
    options: [.flag("--off", "lets it go again")], count: 2...2
  ) { invocation in
    let text = invocation.arguments[1]
    guard let step = Int(text), step >= 0 else {
      throw UsageError(
        "'\(Sanitiser.visible(text))' is no step", remedy: "Give the step of a checkpoint.")
    }
    let number = try invocation.experiment()
    let isPinned = !invocation.has("--off")
    try RunCheckpoint.pin(step, of: number, isPinned, in: try invocation.workspace())
    if invocation.json {
      Output.json([
        "experiment": JSON(number), "step": JSON(step), "pinned": JSON(isPinned),
      ])
    } else {
      Output.line("checkpoint \(step) of experiment \(number) \(isPinned ? "stays" : "may go")")
    }
    return .done
  }
}
