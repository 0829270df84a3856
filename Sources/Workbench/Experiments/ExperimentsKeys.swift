import Base
import Terminal

/// Which keys of the Experiments pane work now, and why others do not.
enum ExperimentsKeys {
  typealias Action = KeyAction<ExperimentsPane.Command>

  static func actions(_ state: ExperimentsPane.State) -> [Action] {
    if state.menu != nil {
      return [Action(.enter, "go there", .choose), Action(.escape, "stay", .cancel)]
    }
    guard let experiment = state.experiment else { return [] }
    let name = Format.experiment(experiment.number)
    return [
      Action(
        .enter, "go to its parts", .open,
        unless: ExperimentsUpdate.items(of: experiment).isEmpty
          ? "Experiment \(name) has neither run, scores nor checkpoints yet." : nil),
      Action(
        .character("r"), "run", .run,
        unless: experiment.hasRun ? nil : "Experiment \(name) has no run."),
      Action(
        .character("s"), "scores", .scores,
        unless: experiment.scored.isEmpty ? "Experiment \(name) has no scores." : nil),
      Action(
        .character("c"), "chat", .chat,
        unless: experiment.checkpoints.isEmpty
          ? "Experiment \(name) has no checkpoint to chat with." : nil),
    ]
  }
}
