import Base
import Lab

extension Commands {
  static let experimentNote = Command(
    "exp note", "N TEXT...", "adds a remark to an experiment", count: 2...Int.max
  ) { invocation in
    let text =
      invocation.arguments[1] == "-"
      ? try TextLines("-").lines.joined(separator: "\n")
      : invocation.arguments.dropFirst().joined(separator: " ")
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw UsageError("the note is empty", remedy: "Write what there is to say.")
    }
    let experiment = try Experiments(try invocation.workspace()).note(
      try invocation.experiment(), text)
    if invocation.json {
      Output.json([
        "number": JSON(experiment.number), "notes": JSON(experiment.notes.count),
      ])
    } else {
      Output.line("noted: experiment \(experiment.number) has \(experiment.notes.count) notes")
    }
    return .done
  }
}
