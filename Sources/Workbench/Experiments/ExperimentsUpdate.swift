import Base
import Lab
import Terminal

/// How events change the Experiments pane.
enum ExperimentsUpdate {
  typealias Effect = ExperimentsPane.Effect
  typealias State = ExperimentsPane.State

  static func handle(_ event: Event<ExperimentsPane.Message>, _ state: inout State) -> [Effect] {
    switch event {
    case .resized(let size):
      state.size = size
      place(&state)
    case .message(.list(let rows, let problems)):
      state.rows = rows
      state.problems = problems
      place(&state)
    case .key(let key): return handle(key, &state)
    case .paste, .interrupted, .closing: break
    }
    return []
  }

  private static func place(_ state: inout State) {
    let numbers = (state.rows ?? []).map(\.number)
    state.selected = state.list.keep(
      state.selected, of: numbers, page: ExperimentsLayout(state).page)
  }

  private static func handle(_ key: Key, _ state: inout State) -> [Effect] {
    if let effects = ExperimentsPane.act(on: key, &state) { return effects }
    if var menu = state.menu {
      _ = menu.list.handle(key, count: menu.items.count, page: menu.items.count)
      state.menu = key == .character("q") ? nil : menu
      return []
    }
    if state.changeBox(by: key) { return [] }
    move(key, &state)
    return []
  }

  private static func move(_ key: Key, _ state: inout State) {
    let layout = ExperimentsLayout(state)
    switch state.focus {
    case .list:
      let rows = state.rows ?? []
      guard !rows.isEmpty, state.list.handle(key, count: rows.count, page: layout.page) else {
        return
      }
      state.selected = rows[state.list.selection].number
      state.scroll = ScrollState()
    case .details:
      let count = ExperimentsView.details(state, width: layout.detailColumns).count
      _ = state.scroll.handle(key, count: count, page: layout.details.height - 2)
    }
  }

  static func perform(_ command: ExperimentsPane.Command, _ state: inout State) -> [Effect] {
    guard let experiment = state.experiment else { return [] }
    switch command {
    case .open:
      let items = items(of: experiment)
      if items.count == 1 { return [.show(items[0].destination)] }
      state.menu = State.Menu(items: items)
    case .choose:
      guard let menu = state.menu else { return [] }
      state.menu = nil
      return [.show(menu.items[menu.list.selection].destination)]
    case .cancel: state.menu = nil
    case .run: return [.show(.run(experiment.number))]
    case .scores: return [.show(.scores(experiment.scored))]
    case .chat:
      return experiment.checkpoints.first.map {
        [.show(.chat("\(Format.experiment(experiment.number))@\($0)"))]
      } ?? []
    }
    return []
  }

  /// Where Enter can lead: run, scores, a checkpoint each.
  static func items(of experiment: ExperimentRow) -> [State.Menu.Item] {
    var items: [State.Menu.Item] = []
    if experiment.hasRun {
      items.append(.init(label: "its run and curves", destination: .run(experiment.number)))
    }
    if !experiment.scored.isEmpty {
      items.append(.init(label: "its scores", destination: .scores(experiment.scored)))
    }
    return items
      + experiment.checkpoints.enumerated().map { place, step in
        let name = "\(Format.experiment(experiment.number))@\(step)"
        return State.Menu.Item(
          label: "chat with \(name)\(place == 0 ? ", the newest checkpoint" : "")",
          destination: .chat(name))
      }
  }
}
