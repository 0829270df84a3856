import Base
import Lab
import Terminal

/// How events change the Chat pane.
enum ChatUpdate {
  typealias Effect = ChatPane.Effect
  typealias State = ChatPane.State

  static func handle(_ event: Event<ChatPane.Message>, _ state: inout State) -> [Effect] {
    switch event {
    case .resized(let size):
      state.size = size
      placeSelections(&state)
      rewrap(&state)
      return []
    case .message(let message): return ChatNews.take(message, &state)
    case .paste(let text):
      if state.system != nil { state.system?.paste(text) } else { state.input.paste(text) }
      if state.system == nil, state.model != nil { state.focus = .input }
      rewrap(&state)
      return []
    case .key(let key): return handle(key, &state)
    case .interrupted: return []
    case .closing: return state.answer == nil ? [] : [.stop]
    }
  }

  /// Has the words in the input kept whenever they have changed.
  static func unkept(_ state: inout State) -> [Effect] {
    guard state.isStored, state.input.text != state.keptDraft else { return [] }
    state.keptDraft = state.input.text
    return [.keep(draft: state.input.text)]
  }

  /// Wraps everything anew, for another width or another conversation.
  static func rewrap(_ state: inout State) {
    let columns = ChatLayout(state).talkColumns
    if columns != state.transcript.columns { renew(&state) }
    follow(&state)
  }

  /// Makes the transcript of the turns and of the answer so far.
  static func renew(_ state: inout State) {
    let name = state.model?.reference ?? "Model"
    state.transcript = Transcript(
      state.turns, model: name, columns: ChatLayout(state).talkColumns)
    if let answer = state.answer { state.transcript.beginAnswer(answer.text, model: name) }
    follow(&state)
  }

  /// Keeps the newest line in view, if it was.
  static func follow(_ state: inout State) {
    guard state.isFollowing else { return }
    let page = ChatLayout(state).talkPage
    state.scroll.scroll(to: state.transcript.count, count: state.transcript.count, page: page)
  }

  static func placeSelections(_ state: inout State) {
    let layout = ChatLayout(state)
    state.pointed = state.modelList.keep(
      state.pointed, of: (state.models ?? []).map(\.reference), page: layout.modelsPage)
    state.chatList.select(
      state.chatList.selection, count: state.chats.count, page: layout.chatsPage)
  }

  // MARK: Keys

  private static func handle(_ key: Key, _ state: inout State) -> [Effect] {
    if let effects = ChatPane.act(on: key, &state) { return effects }
    if key == .control("c"), state.answer != nil { return perform(.stop, &state) }
    if state.system != nil {
      _ = state.system?.handle(key)
      return []
    }
    if state.changeBox(by: key) { return [] }
    return move(key, &state)
  }

  private static func move(_ key: Key, _ state: inout State) -> [Effect] {
    let layout = ChatLayout(state)
    switch state.focus {
    case .models:
      let models = state.models ?? []
      if !models.isEmpty,
        state.modelList.handle(key, count: models.count, page: layout.modelsPage)
      {
        state.pointed = models[state.modelList.selection].reference
      }
    case .chats:
      _ = state.chatList.handle(key, count: state.chats.count, page: layout.chatsPage)
    case .talk: scroll(key, &state)
    case .settings:
      let fields = ChatSettings.Field.allCases
      switch key {
      case .right, .character("l"): state.field = fields.cycled(from: state.field, by: 1)
      case .left, .character("h"): state.field = fields.cycled(from: state.field, by: -1)
      case .up, .character("k"): state.settings.change(state.field, by: 1)
      case .down, .character("j"): state.settings.change(state.field, by: -1)
      default: break
      }
    case .input:
      switch key {
      case .pageUp, .pageDown: scroll(key, &state)
      default:
        _ = state.input.handle(key)
        // A growing input takes rows from the conversation.
        follow(&state)
      }
    }
    return []
  }

  private static func scroll(_ key: Key, _ state: inout State) {
    let page = ChatLayout(state).talkPage
    let count = state.transcript.count
    _ = state.scroll.handle(key, count: count, page: page)
    state.isFollowing = state.scroll.isAtEnd(count: count, page: page)
  }

  static func perform(_ command: ChatPane.Command, _ state: inout State) -> [Effect] {
    switch command {
    case .choose:
      guard let models = state.models, models.indices.contains(state.modelList.selection) else {
        return []
      }
      return ChatNews.choose(models[state.modelList.selection], &state)
    case .open: return [.open(state.chats[state.chatList.selection].id)]
    case .write: state.focus = .input
    case .leave: state.focus = .talk
    case .lists: _ = state.changeBox(by: .tab)
    case .newline: _ = state.input.handle(.altEnter)
    case .send: return send(&state)
    case .stop:
      state.answer?.isStopping = true
      return [.stop]
    case .begin:
      state.turns = []
      state.conversation = nil
      state.isFollowing = true
      state.focus = .input
      renew(&state)
    case .more: state.settings.change(state.field, by: 1)
    case .less: state.settings.change(state.field, by: -1)
    case .edit:
      if state.field == .system {
        state.system = TextInput(text: state.settings.system)
      } else {
        state.settings.change(state.field, by: 1)
      }
    case .accept:
      state.settings.system = state.system?.text ?? ""
      state.system = nil
    case .discard: state.system = nil
    }
    return []
  }

  private static func send(_ state: inout State) -> [Effect] {
    guard let model = state.model else { return [] }
    let turn = ChatTurn(speaker: .user, text: state.input.text)
    state.input.clear(remembering: true)
    state.turns.append(turn)
    state.answers += 1
    state.answer = ChatAnswer(id: state.answers)
    state.isFollowing = true
    renew(&state)
    return [
      .send(
        ChatRequest(
          answer: state.answers, model: model.reference, turns: state.turns,
          settings: state.settings, conversation: state.conversation))
    ]
  }
}
