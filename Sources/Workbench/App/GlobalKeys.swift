import Terminal
import Workflows

/// The keys that mean the same in every pane.
enum GlobalKeys {
  enum Command: Sendable, Equatable {
    case show(PaneID)
    case theme, redraw, suspend, palette, help, quit, alert
  }

  /// Those that work in this state, whether or not an input has the letters now.
  static func actions(_ state: WorkbenchState) -> [KeyAction<Command>] {
    // In a pane of its own nothing leads elsewhere.
    let panes = state.only == nil ? PaneID.allCases : []
    let single = state.themes.count > 1 ? nil : "There is no other theme."
    return panes.map { KeyAction(.character($0.digit), "go to \($0.name)", .show($0)) } + [
      KeyAction(
        .character("!"), "see the newest alert", .alert,
        unless: state.alerts.isEmpty ? "There is no alert." : nil),
      KeyAction(.control("t"), "next theme", .theme, unless: single),
      KeyAction(.control("l"), "draw again", .redraw),
      KeyAction(.control("z"), "suspend", .suspend),
      KeyAction(.character(":"), "find an action by name", .palette),
      KeyAction(.character("?"), "all keys", .help),
      KeyAction(.character("q"), "quit; runs go on", .quit),
    ]
  }

  static func perform(_ command: Command, _ state: inout WorkbenchState) -> [WorkbenchEffect] {
    switch command {
    case .show(let pane): state.pane = pane
    case .theme: state.themeIndex += 1
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .palette: state.palette = Palette()
    case .help: state.help = ScrollState()
    case .quit: return [.quit]
    case .alert:
      guard let alert = state.alerts.first else { break }
      state.alerts.removeAll { $0.experiment == alert.experiment }
      return [.show(.run(alert.experiment))]
    }
    return []
  }

  /// Does what a key stands for everywhere; `nil` if that is nothing.
  static func act(on key: Key, _ state: inout WorkbenchState) -> [WorkbenchEffect]? {
    guard let action = actions(state).first(where: { $0.key == key }) else { return nil }
    if let obstacle = action.obstacle {
      state.notice = WorkbenchState.Notice(text: obstacle, isError: false)
      return []
    }
    return perform(action.command, &state)
  }
}
