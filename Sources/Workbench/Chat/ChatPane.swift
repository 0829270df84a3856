import Terminal

/// Talking with a checkpoint.
enum ChatPane: Pane {
  enum Message: Sendable, Equatable {
    /// All models one can talk with, newest first.
    case models([ChatModel])
    /// The conversations that are stored, newest first.
    case chats([ChatSummary])
    /// Another pane, or the command line, leads to this model.
    case choose(String)
    case loaded(LoadedModel)
    case unloadable(reference: String, problem: String)
    case piece(ChatPiece)
    case finished(ChatEnd)
    case failed(answer: Int, problem: String)
    case opened(StoredChat)
  }

  enum Effect: Sendable, Equatable {
    case load(String)
    case send(ChatRequest)
    /// Stops the answer that is being written.
    case stop
    /// Reads a stored conversation.
    case open(String)
    case notice(String)
  }

  enum Command: Sendable, Equatable {
    case choose, open, send, newline, stop, leave, write, begin
    case less, more, edit, accept, discard
  }

  static func update(_ state: inout State, _ event: Event<Message>) -> [Effect] {
    ChatUpdate.handle(event, &state)
  }

  static func view(_ state: State, _ surface: inout Surface) { ChatView.draw(state, &surface) }

  static func actions(_ state: State) -> [KeyAction<Command>] { ChatKeys.actions(state) }

  static func takesText(_ state: State) -> Bool { state.focus == .input || state.system != nil }
}
