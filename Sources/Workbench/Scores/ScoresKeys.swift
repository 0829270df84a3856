import Terminal

/// Which keys of the Scores pane work now, and why others do not.
enum ScoresKeys {
  typealias Action = KeyAction<ScoresPane.Command>

  static func actions(_ state: ScoresPane.State) -> [Action] {
    let noModel = state.model == nil ? "There are no scores yet." : nil
    let chat = Action(.character("c"), "chat with it", .chat, unless: noModel)
    let wrong = Action(
      .character("w"), state.showsWrongOnly ? "all samples" : "wrong ones only", .wrongOnly)
    switch state.focus {
    case .table:
      return [Action(.enter, "samples", .open, unless: noModel), chat]
    case .samples:
      return [
        Action(.enter, "read", .open, unless: state.sample == nil ? "No sample is chosen." : nil),
        Action(.escape, "table", .back), wrong, chat,
      ]
    case .detail:
      let place = state.sampleList.selection
      let last = place + 1 < state.shown.count ? nil : "This is the last sample."
      let first = place > 0 ? nil : "This is the first sample."
      return [
        Action(.escape, "list", .back), Action(.character("J"), "next", .next, unless: last),
        Action(.character("K"), "previous", .previous, unless: first), wrong,
      ]
    }
  }
}
