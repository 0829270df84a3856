import Terminal

@testable import Workbench

/// A workbench played by events, without terminal and without a world.
struct Player {
  var state: WorkbenchState
  /// What the world was asked since the last ``play(_:)``.
  var effects: [WorkbenchEffect] = []

  static let small = Size(width: 80, height: 24)
  static let wide = Size(width: 160, height: 45)

  init(
    _ pane: PaneID, _ size: Size = Player.small, hasWorkspace: Bool = true,
    isReadOnly: Bool = false, _ messages: [WorkbenchMessage] = []
  ) {
    state = WorkbenchState(
      pane: pane, workspaceName: hasWorkspace ? "研究室" : "no workspace",
      hasWorkspace: hasWorkspace, isReadOnly: isReadOnly)
    play([.resized(size)] + messages.map { .message($0) })
  }

  /// Plays events.
  mutating func play(_ events: [Event<WorkbenchMessage>]) {
    effects = events.flatMap { WorkbenchUpdate.update(&state, $0) }
  }

  mutating func press(_ keys: Key...) { play(keys.map { .key($0) }) }

  mutating func type(_ text: String) { play(text.map { .key(.character($0)) }) }

  mutating func receive(_ messages: WorkbenchMessage...) { play(messages.map { .message($0) }) }

  /// Receives a document as if it had just been asked for.
  mutating func receiveDocument(_ message: WorkbenchMessage) {
    if case .corpus(.document(let document)) = message {
      state.corpus.awaited = document.id
    }
    receive(message)
  }

  /// The grid as text.
  var frame: String {
    var surface = Surface(size: state.size)
    WorkbenchView.view(state, &surface)
    return surface.snapshot
  }

  /// The hints of the pane in front.
  var hints: [KeyHint] { AnyPane(state.pane).actions(state).map(\.hint) }
}
