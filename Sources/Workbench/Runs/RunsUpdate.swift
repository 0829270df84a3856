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
    case .key(.mouse(let mouse)):
      RunsMouse.handle(mouse, &state)
      return []
    case .key(let key): return handle(key, &state)
    case .paste(let text):
      if case .filter(var input) = state.dialog {
        input.paste(text)
        state.dialog = .filter(input)
        return []
      }
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
    let query = state.selected.map { Self.query(state, of: $0) }
    guard query != state.watched else { return [] }
    state.watched = query
    return [.watch(query)]
  }

  private static func query(_ state: State, of number: Int) -> RunQuery {
    let layout = RunsLayout(state)
    var query = RunQuery(
      number: number, window: state.window, columns: layout.dotColumns,
      smallColumns: layout.smallDotColumns)
    query.metric = state.metric
    if state.showsAll {
      let page = layout.small.count
      let metrics = state.metrics
      let top = state.gridTop(page: page)
      query.smallMetrics = Array(metrics[min(top, metrics.count)..<min(top + page, metrics.count)])
      query.columns = query.smallColumns
    }
    query.axis = state.axis
    query.smoothing = state.smoothing
    query.overlays = state.overlays.map {
      RunQuery.Overlay(number: $0, letter: state.letter(of: $0) ?? "")
    }
    query.isDifference = state.showsDifference && !query.overlays.isEmpty
    query.cursor = state.cursor
    query.side = state.side
    return query
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
    case .side(let number, let side, let lines):
      guard number == state.selected, side == state.side else { return [] }
      let page = RunsLayout(state).eventsPage
      let isAtEnd =
        side == .log
        && (state.sideLines.isEmpty
          || state.sideScroll.isAtEnd(count: state.sideLines.count, page: page))
      state.sideLines = lines
      // What streams in is followed until somebody scrolls.
      let top = isAtEnd ? lines.count : state.sideScroll.top
      state.sideScroll.scroll(to: top, count: lines.count, page: page)
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
  static func select(_ state: inout State, _ change: (inout State) -> Void) {
    let before = state.selected
    change(&state)
    guard state.selected != before else { return }
    state.window = StepWindow()
    state.events = ListState()
    (state.cursor, state.brush, state.sideLines) = (nil, nil, [])
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
    if case .filter(var input) = state.dialog {
      _ = input.handle(key)
      state.dialog = .filter(input)
      return []
    }
    guard state.dialog == nil else {
      if [.character("n"), .character("q")].contains(key) { state.dialog = nil }
      return []
    }
    if state.showsAll {
      moveInGrid(key, &state)
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
    case .events where state.side != .events:
      _ = state.sideScroll.handle(key, count: state.sideLines.count, page: layout.eventsPage)
    case .events:
      let count = state.ownCurves?.events.count ?? 0
      _ = state.events.handle(key, count: count, page: layout.eventsPage)
    case .curve:
      moveCursor(key, &state)
    }
    return []
  }

  /// Moves the cross-hair by a cell, a tenth of the chart, or to an end.
  private static func moveCursor(_ key: Key, _ state: inout State) {
    guard let curves = state.ownCurves, curves.edges.count > 2 else { return }
    let last = curves.edges.count - 2
    let now = state.cursor.flatMap { curves.column(of: $0) } ?? last
    let target: Int
    switch key {
    case .left: target = now - 2
    case .right: target = now + 2
    case .wordLeft, .pageUp: target = now - last / 10
    case .wordRight, .pageDown: target = now + last / 10
    case .home: target = 0
    case .end: target = last
    default: return
    }
    state.placeCursor(column: target)
  }

  private static func moveInGrid(_ key: Key, _ state: inout State) {
    let layout = RunsLayout(state)
    let (count, page) = (state.metrics.count, layout.small.count)
    let place = state.grid.selection
    switch key {
    case .left: state.grid.select(place - 1, count: count, page: page)
    case .right: state.grid.select(place + 1, count: count, page: page)
    case .up: state.grid.select(place - layout.gridColumns, count: count, page: page)
    case .down: state.grid.select(place + layout.gridColumns, count: count, page: page)
    default: _ = state.grid.handle(key, count: count, page: page)
    }
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
    case .cancel:
      if state.dialog == nil { state.cursor = nil }
      state.dialog = nil
    case .stop: state.dialog = state.selected.map { .stop($0) }
    case .resume: return state.selected.map { [.resume($0)] } ?? []
    case .pause: return state.selected.map { [.ask(.pause, of: $0)] } ?? []
    case .goOn: return state.selected.map { [.ask(.continue, of: $0)] } ?? []
    case .chat: return chat(&state)
    default: return look(command, &state)
    }
    return []
  }

  /// How the curves are looked at.
  private static func look(_ command: RunsPane.Command, _ state: inout State) -> [Effect] {
    switch command {
    case .mark: if let run = state.selected { state.toggleMark(run) }
    case .smooth: state.smoothing = Smoothing.allCases.cycled(from: state.smoothing, by: 1)
    case .axis:
      state.axis.quantity = HorizontalAxis.Quantity.allCases.cycled(
        from: state.axis.quantity, by: 1)
    case .logAxis: state.axis.isLogarithmic.toggle()
    case .nextMetric: state.metric = state.metrics.cycled(from: state.metric, by: 1)
    case .previousMetric: state.metric = state.metrics.cycled(from: state.metric, by: -1)
    case .all: state.showsAll.toggle()
    case .filter: state.dialog = .filter(TextInput(text: state.filter))
    case .difference: state.showsDifference.toggle()
    case .side(let side): state.show(side)
    case .documents: return documents(&state)
    case .compare:
      if let calm = state.calmRun, !state.marked.contains(calm) { state.marked = [calm] }
      state.dialog = nil
      state.show(.configuration)
      state.focus = .events
    default: break
    }
    return []
  }

  /// Leads to the documents of the step that is being explained.
  private static func documents(_ state: inout State) -> [Effect] {
    guard case .why(let event) = state.dialog, let corpus = state.ownCurves?.corpus else {
      return []
    }
    state.dialog = nil
    return [
      .show(
        .documents(
          corpus, event.documents, title: "the batch of step \(Format.count(event.step))"))
    ]
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
    case .filter(let input):
      state.filter = input.text.filter { !$0.isWhitespace }
      state.dialog = nil
      state.grid = ListState()
      return []
    case .why, nil: return []
    }
  }

  private static func open(_ state: inout State) {
    if state.showsAll {
      let metrics = state.metrics
      guard metrics.indices.contains(state.grid.selection) else { return }
      state.metric = metrics[state.grid.selection]
      (state.showsAll, state.focus) = (false, .curve)
      return
    }
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
    (state.focus, state.side) = (.events, .events)
  }
}
