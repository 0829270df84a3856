import Base
import Lab
import Terminal

/// How events change the Runs pane.
enum RunsUpdate {
  typealias Effect = RunsPane.Effect
  typealias State = RunsPane.State

  static func handle(_ event: Event<RunsPane.Message>, _ state: inout State) -> [Effect] {
    switch event {
    case .resized(let size):
      state.size = size
      state.placeSelection()
      return []
    case .key(let key): return handle(key, &state)
    case .paste(let text):
      guard case .configuration(var input, _, let isBusy) = state.dialog, !isBusy else { return [] }
      input.paste(text)
      state.dialog = .configuration(input, problem: nil, isBusy: false)
      return []
    case .message(let message): return handle(message, &state)
    case .interrupted, .closing: return []
    }
  }

  /// What the world has to watch after this event, if that has changed.
  static func watching(_ state: inout State) -> [Effect] {
    let layout = RunsLayout(state)
    let query = state.selected.map { number in
      RunQuery(
        number: number, window: state.window, columns: layout.dotColumns,
        smallColumns: layout.smallDotColumns)
    }
    guard query != state.watched else { return [] }
    state.watched = query
    return [.watch(query)]
  }

  // MARK: Messages

  private static func handle(_ message: RunsPane.Message, _ state: inout State) -> [Effect] {
    switch message {
    case .list(let rows):
      state.rows = rows
      select(&state) { $0.placeSelection() }
    case .select(let number):
      state.awaited = number
      state.focus = .list
      select(&state) { $0.placeSelection() }
    case .curves(let curves):
      guard curves.number == state.selected else { return [] }
      let grown = curves.events.count - (state.ownCurves?.events.count ?? 0)
      // The chosen event stays chosen when newer ones come in above it.
      let row =
        state.ownCurves == nil || state.events.selection == 0 ? 0 : state.events.selection + grown
      state.curves = curves
      state.events.select(row, count: curves.events.count, page: RunsLayout(state).eventsPage)
    case .started(let number):
      state.dialog = nil
      state.awaited = number
      select(&state) { $0.placeSelection() }
      return [
        .notice("Run \(Format.experiment(number)) is starting; it goes on without the workbench.")
      ]
    case .refused(let problem):
      guard case .configuration(let input, _, _) = state.dialog else { return [.notice(problem)] }
      state.dialog = .configuration(input, problem: problem, isBusy: false)
    }
    return []
  }

  /// Changes the selection; another run begins with all its steps.
  private static func select(_ state: inout State, _ change: (inout State) -> Void) {
    let before = state.selected
    change(&state)
    guard state.selected != before else { return }
    state.window = StepWindow()
    state.events = ListState()
  }

  // MARK: Keys

  private static func handle(_ key: Key, _ state: inout State) -> [Effect] {
    if let effects = RunsPane.act(on: key, &state) { return effects }
    if case .configuration(var input, _, let isBusy) = state.dialog {
      if !isBusy, input.handle(key) == .edited || input != currentInput(state) {
        state.dialog = .configuration(input, problem: nil, isBusy: false)
      }
      return []
    }
    guard state.dialog == nil else {
      if [.character("n"), .character("q")].contains(key) { state.dialog = nil }
      return []
    }
    if state.changeBox(by: key) { return [] }
    return move(key, &state)
  }

  private static func currentInput(_ state: State) -> TextInput? {
    if case .configuration(let input, _, _) = state.dialog { input } else { nil }
  }

  private static func move(_ key: Key, _ state: inout State) -> [Effect] {
    let layout = RunsLayout(state)
    switch state.focus {
    case .list:
      let rows = state.rows ?? []
      guard !rows.isEmpty,
        state.list.handle(key, count: rows.count, page: layout.listPage)
      else { return [] }
      select(&state) { $0.selected = rows[$0.list.selection].number }
    case .events:
      let count = state.ownCurves?.events.count ?? 0
      _ = state.events.handle(key, count: count, page: layout.eventsPage)
    case .curve:
      guard let curves = state.ownCurves, state.window.span != nil else { return [] }
      switch key {
      case .left: state.window.move(-1, lastStep: curves.lastStep)
      case .right: state.window.move(1, lastStep: curves.lastStep)
      case .home: state.window.end = 1
      case .end: state.window.end = nil
      default: break
      }
    }
    return []
  }

  static func perform(_ command: RunsPane.Command, _ state: inout State) -> [Effect] {
    let lastStep = state.ownCurves?.lastStep ?? 0
    switch command {
    case .zoomIn: state.window.zoomIn(lastStep: lastStep)
    case .zoomOut: state.window.zoomOut(lastStep: lastStep)
    case .fit: state.window = StepWindow()
    case .earlier: state.window.move(-1, lastStep: lastStep)
    case .later: state.window.move(1, lastStep: lastStep)
    case .follow: state.window.end = nil
    case .logarithmic: state.isLogarithmic.toggle()
    case .peaks: state.showsPeaks.toggle()
    case .nextSpike: showSpike(1, &state)
    case .previousSpike: showSpike(-1, &state)
    case .why: state.dialog = state.event.map { .why($0) }
    case .open: open(&state)
    case .start:
      state.dialog = .configuration(TextInput(text: ""), problem: nil, isBusy: false)
    case .confirm: return confirm(&state)
    case .cancel: state.dialog = nil
    case .stop: state.dialog = state.selected.map { .stop($0) }
    case .resume: return state.selected.map { [.resume($0)] } ?? []
    case .pause: return state.selected.map { [.ask(.pause, of: $0)] } ?? []
    case .goOn: return state.selected.map { [.ask(.continue, of: $0)] } ?? []
    case .chat: return chat(&state)
    }
    return []
  }

  /// Chats with the newest checkpoint, or with the one before the spike that is being explained.
  private static func chat(_ state: inout State) -> [Effect] {
    guard let number = state.selected else { return [] }
    guard case .why(let event) = state.dialog, let step = event.checkpoint else {
      return [.show(.chat(String(number)))]
    }
    state.dialog = nil
    return [.show(.chat("\(Format.experiment(number))@\(step)"))]
  }

  private static func confirm(_ state: inout State) -> [Effect] {
    switch state.dialog {
    case .configuration(let input, _, _):
      let path = input.text.filter { $0 != "\n" }
      guard path.contains(where: { !$0.isWhitespace }) else {
        state.dialog = .configuration(
          input, problem: "Type the path of a configuration file.", isBusy: false)
        return []
      }
      state.dialog = .configuration(input, problem: nil, isBusy: true)
      return [.start(configuration: path)]
    case .stop(let number):
      state.dialog = nil
      return [.ask(.stop, of: number)]
    case .why, nil: return []
    }
  }

  private static func open(_ state: inout State) {
    guard state.focus == .events, let curves = state.ownCurves,
      curves.events.indices.contains(state.events.selection)
    else {
      state.focus = .curve
      return
    }
    state.window.show(curves.events[state.events.selection].step, lastStep: curves.lastStep)
  }

  /// Goes to the next spike (1) or the one before (-1), round and round.
  private static func showSpike(_ direction: Int, _ state: inout State) {
    guard let curves = state.ownCurves else { return }
    let spikes = curves.events.indices.filter { curves.events[$0].kind == .spike }
    guard !spikes.isEmpty else { return }
    // The list runs from new to old, so the next spike in time stands before.
    let next =
      direction > 0
      ? spikes.last { $0 < state.events.selection } ?? spikes[spikes.count - 1]
      : spikes.first { $0 > state.events.selection } ?? spikes[0]
    state.events.select(next, count: curves.events.count, page: RunsLayout(state).eventsPage)
    state.window.show(curves.events[next].step, lastStep: curves.lastStep)
    state.focus = .events
  }
}
