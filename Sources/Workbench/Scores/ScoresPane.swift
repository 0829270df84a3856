import Base
import Terminal

/// Models × categories, and the samples behind each score.
enum ScoresPane: Pane {
  enum Message: Sendable, Equatable {
    case table(ScoreBoard)
    /// Another pane leads to the scores of these models.
    case select([String])
    case samples(SampleSet)
    /// Why the samples cannot be read.
    case unreadable(ScoreModel, category: String?, problem: String)
  }

  enum Effect: PaneEffect, Equatable {
    /// Reads the samples of a model in a category (`nil`: all of them).
    case samples(model: ScoreModel, category: String?)
    case show(Destination)
    case notice(String)
  }

  enum Command: Sendable, Equatable { case open, back, chat, wrongOnly, next, previous }

  static func update(_ state: inout State, _ event: Event<Message>) -> [Effect] {
    ScoresUpdate.handle(event, &state)
  }

  static func view(_ state: State, _ surface: inout Surface) { ScoresView.draw(state, &surface) }

  static func actions(_ state: State) -> [KeyAction<Command>] { ScoresKeys.actions(state) }

  static func perform(_ command: Command, _ state: inout State) -> [Effect] {
    ScoresUpdate.perform(command, &state)
  }
}
