import Base
import Terminal

/// How events change the Scores pane.
enum ScoresUpdate {
  typealias Effect = ScoresPane.Effect
  typealias State = ScoresPane.State

  static func handle(_ event: Event<ScoresPane.Message>, _ state: inout State) -> [Effect] {
    switch event {
    case .resized(let size):
      state.size = size
      place(&state)
    case .message(let message): return handle(message, &state)
    case .key(let key): return handle(key, &state)
    case .paste, .interrupted, .closing: break
    }
    return []
  }

  private static func handle(_ message: ScoresPane.Message, _ state: inout State) -> [Effect] {
    switch message {
    case .table(let board):
      state.board = board
      mark(&state)
      place(&state)
    case .select(let models):
      state.awaited = models
      state.focus = .table
      close(&state)
      mark(&state)
      place(&state)
    case .samples(let set):
      guard state.samples == nil,
        state.asked == State.Asked(model: set.model, category: set.category)
      else { break }
      state.samples = set
      state.sampleList = ListState()
      state.scroll = ScrollState()
    case .unreadable(let model, let category, let problem):
      guard state.samples == nil, state.asked == State.Asked(model: model, category: category)
      else { break }
      close(&state)
      return [.notice(problem)]
    }
    return []
  }

  /// Chooses and marks the models that another pane asked for, once they are known.
  private static func mark(_ state: inout State) {
    guard let board = state.board else { return }
    let found = board.models.filter { state.awaited.contains($0.name) }
    guard let first = found.first else { return }
    state.awaited = []
    state.marked = Set(found)
    state.model = first
  }

  private static func place(_ state: inout State) {
    let models = state.board?.models ?? []
    state.model = state.list.keep(state.model, of: models, page: ScoresLayout(state).tablePage)
    state.column = min(state.column, max(0, (state.board?.columns.count ?? 1) - 1))
  }

  private static func close(_ state: inout State) {
    state.samples = nil
    state.asked = nil
    state.focus = .table
  }

  // MARK: Keys

  private static func handle(_ key: Key, _ state: inout State) -> [Effect] {
    if let effects = ScoresPane.act(on: key, &state) { return effects }
    if state.changeBox(by: key) { return [] }
    move(key, &state)
    return []
  }

  private static func move(_ key: Key, _ state: inout State) {
    let layout = ScoresLayout(state)
    switch state.focus {
    case .table:
      let models = state.board?.models ?? []
      let last = max(0, (state.board?.columns.count ?? 1) - 1)
      switch key {
      case .left, .character("h"): state.column = max(0, state.column - 1)
      case .right, .character("l"): state.column = min(last, state.column + 1)
      default:
        guard !models.isEmpty,
          state.list.handle(key, count: models.count, page: layout.tablePage)
        else { return }
        let model = models[state.list.selection]
        if model != state.model { close(&state) }
        state.model = model
      }
    case .samples:
      guard state.sampleList.handle(key, count: state.shown.count, page: layout.samplesPage) else {
        return
      }
      state.scroll = ScrollState()
    case .detail:
      let count = ScoresView.detail(state, width: layout.detailColumns).count
      _ = state.scroll.handle(key, count: count, page: layout.detailPage)
    }
  }

  static func perform(_ command: ScoresPane.Command, _ state: inout State) -> [Effect] {
    switch command {
    case .open:
      guard state.focus == .table else {
        state.focus = .detail
        return []
      }
      guard let model = state.model, let board = state.board else { return [] }
      let category = board.category(state.column)
      state.samples = nil
      state.asked = State.Asked(model: model, category: category)
      state.focus = .samples
      return [.samples(model: model, category: category)]
    case .back:
      if state.focus == .detail { state.focus = .samples } else { close(&state) }
    case .chat: return state.model.map { [.show(.chat($0.name))] } ?? []
    case .wrongOnly:
      state.showsWrongOnly.toggle()
      state.sampleList = ListState()
      state.scroll = ScrollState()
    case .next: step(1, &state)
    case .previous: step(-1, &state)
    }
    return []
  }

  private static func step(_ offset: Int, _ state: inout State) {
    state.sampleList.select(
      state.sampleList.selection + offset, count: state.shown.count,
      page: ScoresLayout(state).samplesPage)
    state.scroll = ScrollState()
  }
}
