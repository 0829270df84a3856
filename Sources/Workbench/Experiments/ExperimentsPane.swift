import Lab
import Terminal

/// The numbered experiments, and the way to what they made.
enum ExperimentsPane: Pane {
  enum Message: Sendable, Equatable {
    /// All experiments, newest first, and what could not be read.
    case list([ExperimentRow], problems: [String])
  }

  enum Effect: PaneEffect, Equatable {
    case show(Destination)
    case notice(String)
  }

  enum Command: Sendable, Equatable { case open, run, scores, chat, choose, cancel }

  static func update(_ state: inout State, _ event: Event<Message>) -> [Effect] {
    ExperimentsUpdate.handle(event, &state)
  }

  static func view(_ state: State, _ surface: inout Surface) {
    ExperimentsView.draw(state, &surface)
  }

  static func actions(_ state: State) -> [KeyAction<Command>] { ExperimentsKeys.actions(state) }

  static func perform(_ command: Command, _ state: inout State) -> [Effect] {
    ExperimentsUpdate.perform(command, &state)
  }

  static func takesText(_ state: State) -> Bool { state.menu != nil }
}
