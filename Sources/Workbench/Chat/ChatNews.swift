import Base
import Lab
import Terminal

/// What the world's messages change in the Chat pane.
enum ChatNews {
  typealias Effect = ChatPane.Effect
  typealias State = ChatPane.State

  static func take(_ message: ChatPane.Message, _ state: inout State) -> [Effect] {
    switch message {
    case .models(let models):
      state.models = models
      ChatUpdate.placeSelections(&state)
    case .chats(let chats):
      state.chats = chats
      ChatUpdate.placeSelections(&state)
    case .choose(let text):
      guard state.answer == nil else {
        return [.notice("An answer is being written; stop it before changing the model.")]
      }
      return choose(model(text, state), &state)
    case .loaded(let loaded):
      guard loaded.reference == state.model?.reference else { break }
      state.loaded = loaded
      if state.model?.kind == nil { state.settings.continuesText = !loaded.hasTemplate }
    case .unloadable(let reference, let problem):
      guard reference == state.model?.reference else { break }
      state.model = nil
      state.focus = .models
      return [.notice(problem)]
    case .piece(let piece):
      guard piece.answer == state.answer?.id else { break }
      state.answer?.text += piece.text
      state.answer?.tokens = piece.tokens
      state.answer?.tokensPerSecond = piece.tokensPerSecond
      state.transcript.append(piece.text)
      ChatUpdate.follow(&state)
    case .finished(let end): return finish(end, &state)
    case .failed(let answer, let conversation, let problem):
      guard answer == state.answer?.id else { break }
      state.conversation = conversation ?? state.conversation
      state.answer = nil
      takeBack(&state)
      ChatUpdate.renew(&state)
      return [.notice(problem)]
    case .opened(let chat): return open(chat, &state)
    case .draft(let text):
      // What has been typed since stays behind it.
      let typed = state.input.text
      state.input.replace(with: typed.isEmpty ? text : text + "\n" + typed)
      ChatUpdate.follow(&state)
      return [.notice("What you had typed and not sent is back in the chat.")]
    }
    return []
  }

  /// The model that a text names: a reference, or an experiment's number for its newest checkpoint.
  private static func model(_ text: String, _ state: State) -> ChatModel {
    let models = state.models ?? []
    return models.first { $0.reference == text }
      ?? models.first { $0.experiment != nil && $0.experiment == Int(text) }
      ?? ChatModel(reference: text)
  }

  /// Begins to talk with a model; the conversation goes on if there is one.
  static func choose(_ model: ChatModel, _ state: inout State) -> [Effect] {
    state.pointed = model.reference
    ChatUpdate.placeSelections(&state)
    state.focus = .input
    guard model != state.model else { return [] }
    state.model = model
    state.loaded = nil
    state.settings.continuesText = model.kind == .pretrain
    ChatUpdate.renew(&state)
    return [.load(model.reference)]
  }

  private static func finish(_ end: ChatEnd, _ state: inout State) -> [Effect] {
    guard end.answer == state.answer?.id, let model = state.model else { return [] }
    var note =
      "\(Format.counted(end.tokens, "token")), \(Format.fixed(end.tokensPerSecond, 1)) tokens/s, "
      + end.reason.rawValue
    if end.droppedTurns > 0 {
      note += ", without the first \(Format.counted(end.droppedTurns, "turn"))"
    }
    let turn = ChatTurn(speaker: .assistant, text: end.text, note: note)
    state.answer = nil
    state.turns.append(turn)
    state.conversation = end.conversation ?? state.conversation
    state.transcript.endAnswer()
    state.transcript.add(turn, model: model.reference)
    ChatUpdate.follow(&state)
    return end.problem.map { [.notice($0)] } ?? []
  }

  private static func open(_ chat: StoredChat, _ state: inout State) -> [Effect] {
    guard state.answer == nil else { return [] }
    let effects = chat.model.isEmpty ? [] : choose(model(chat.model, state), &state)
    state.conversation = chat.id
    state.turns = chat.turns.filter { $0.speaker != .system }
    state.settings.system = chat.turns.first { $0.speaker == .system }?.text ?? ""
    state.isFollowing = true
    takeBack(&state)
    ChatUpdate.renew(&state)
    return effects
  }

  /// A question without an answer goes back where it can be changed and sent again, unless other words stand there.
  private static func takeBack(_ state: inout State) {
    guard let last = state.turns.last, last.speaker == .user else { return }
    state.turns.removeLast()
    if state.input.text.isEmpty { state.input.replace(with: last.text) }
  }
}
