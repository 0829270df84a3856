import Lab
import Terminal

/// The runs of the workspace and their curves, live.
enum RunsPane: Pane {
  enum Message: Sendable, Equatable {
    /// The runs as they are now, newest first.
    case list([RunRow])
    /// Another pane leads to this run.
    case select(Int)
    case curves(RunCurves)
    /// The run that was asked for is under way.
    case started(Int)
    /// Why it is not.
    case refused(String)
    /// What stands in the box beside the curves, of a run.
    case side(Int, State.Side, [String])
  }

  enum Effect: PaneEffect, Equatable {
    /// From now on answer this query, at once and whenever the run has grown.
    case watch(RunQuery?)
    case start(configuration: String)
    case resume(Int)
    case ask(Request, of: Int)
    case show(Destination)
    case notice(String)
  }

  enum Command: Sendable, Equatable {
    case open, start, resume, stop, pause, goOn, chat, mark
    case smooth, axis, logAxis, nextMetric, previousMetric, all, filter, difference
    case side(State.Side)
    case documents, compare
    case zoomIn, zoomOut, fit, earlier, later, follow, logarithmic, peaks
    case nextSpike, previousSpike, why
    /// In the dialogs.
    case confirm, cancel
  }

  static func update(_ state: inout State, _ event: Event<Message>) -> [Effect] {
    let effects = RunsUpdate.handle(event, &state)
    return effects + RunsUpdate.watching(&state)
  }

  static func view(_ state: State, _ surface: inout Surface) { RunsView.draw(state, &surface) }

  static func actions(_ state: State) -> [KeyAction<Command>] { RunsKeys.actions(state) }

  static func perform(_ command: Command, _ state: inout State) -> [Effect] {
    RunsUpdate.perform(command, &state)
  }

  static func takesText(_ state: State) -> Bool {
    state.dialog != nil
  }
}
