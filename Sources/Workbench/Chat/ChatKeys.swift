import Terminal

/// Which keys of the Chat pane work now, and why others do not.
enum ChatKeys {
  typealias Action = KeyAction<ChatPane.Command>

  static func actions(_ state: ChatPane.State) -> [Action] {
    if state.system != nil {
      return [Action(.enter, "use it", .accept), Action(.escape, "leave as it was", .discard)]
    }
    let isAnswering = state.answer != nil
    let stop = isAnswering ? [Action(.escape, "stop", .stop)] : []
    switch state.focus {
    case .models:
      let none = state.models?.isEmpty == false ? nil : "There is no model to choose yet."
      return stop + [Action(.enter, "talk with it", .choose, unless: none ?? busy(state))]
        + general(state)
    case .chats:
      let none = state.chats.isEmpty ? "No conversation is stored yet." : nil
      return stop + [Action(.enter, "go on with it", .open, unless: none ?? busy(state))]
        + general(state)
    case .talk: return stop + general(state)
    case .settings:
      let isText = state.field == .system
      return stop + [
        Action(.character("+"), "more", .more, unless: isText ? "Enter edits it." : nil),
        Action(.character("-"), "less", .less, unless: isText ? "Enter edits it." : nil),
        Action(.enter, isText ? "edit" : "change", .edit),
      ] + general(state)
    case .input:
      let send = Action(.enter, "send", .send, unless: unsendable(state))
      return (isAnswering ? stop + [send] : [send]) + [
        Action(.altEnter, "new line", .newline), Action(.tab, "models", .lists),
      ] + (isAnswering ? [] : [Action(.escape, "leave", .leave)])
    }
  }

  private static func general(_ state: ChatPane.State) -> [Action] {
    let empty = state.turns.isEmpty ? "Nothing has been said yet." : nil
    return [
      Action(
        .character("i"), "write", .write,
        unless: state.model == nil ? "Choose a model first." : nil),
      Action(.character("n"), "new conversation", .begin, unless: busy(state) ?? empty),
    ]
  }

  private static func busy(_ state: ChatPane.State) -> String? {
    state.answer == nil ? nil : "An answer is being written; Esc stops it."
  }

  private static func unsendable(_ state: ChatPane.State) -> String? {
    if state.model == nil { return "Choose a model first: Tab goes to the list." }
    if let busy = busy(state) { return busy }
    return state.input.text.contains { !$0.isWhitespace } ? nil : "Type something to send."
  }
}
