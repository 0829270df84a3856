import Terminal

/// Where the boxes of the Chat pane stand.
///
/// On a small screen models and conversations take the place of the talk while they have the keys.
struct ChatLayout {
  let models, chats, talk, settings, input: Rect

  init(_ state: ChatPane.State) {
    var right = Rect(state.size)
    let nothing = Rect(x: 0, y: 0, width: 0, height: 0)
    var left = nothing
    if state.size.isWide {
      (left, right) = right.split(left: min(52, right.width / 3))
    }
    let rows = state.input.rows(columns: right.width - 2, prompt: Self.prompt)
    let most = state.size.isWide ? 10 : 5
    let (rest, input) = right.split(bottom: min(most, rows) + 2)
    let (top, settings) = rest.split(bottom: state.size.isWide ? 3 : 1)
    self.input = input
    self.settings = settings
    if state.size.isWide {
      talk = top
    } else if state.focus == .models || state.focus == .chats {
      (left, talk) = (top, nothing)
    } else {
      talk = top
    }
    (models, chats) = left.split(top: left.height * 3 / 5)
  }

  /// What stands before the user's words.
  static let prompt = "> "

  var modelsPage: Int { Table.page(height: models.height - 2) }
  var chatsPage: Int { max(1, chats.height - 2) }
  var talkPage: Int { max(1, talk.height - 2) }
  var talkColumns: Int { TextView.columns(width: max(4, settings.width - 2)) }
}
