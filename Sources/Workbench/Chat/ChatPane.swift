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
    /// The words were stored in the conversation, if it is named.
    case failed(answer: Int, conversation: String?, problem: String)
    case opened(StoredChat)
    /// Words that were typed in an earlier session and not sent.
    case draft(String)
  }

  enum Effect: PaneEffect, Equatable {
    case load(String)
    case send(ChatRequest)
    /// Stops the answer that is being written.
    case stop
    /// Reads a stored conversation.
    case open(String)
    /// Keeps what is typed and not sent; empty: there is nothing to keep.
    case keep(draft: String)
    case notice(String)
  }

  enum Command: Sendable, Equatable {
    case choose, open, send, newline, stop, leave, lists, write, begin
    case less, more, edit, accept, discard
  }

  static func update(_ state: inout State, _ event: Event<Message>) -> [Effect] {
    let effects = ChatUpdate.handle(event, &state)
    return effects + ChatUpdate.unkept(&state)
  }

  static func view(_ state: State, _ surface: inout Surface) { ChatView.draw(state, &surface) }

  static func actions(_ state: State) -> [KeyAction<Command>] { ChatKeys.actions(state) }

  static func perform(_ command: Command, _ state: inout State) -> [Effect] {
    ChatUpdate.perform(command, &state)
  }

  static func takesText(_ state: State) -> Bool { state.focus == .input || state.system != nil }
}
