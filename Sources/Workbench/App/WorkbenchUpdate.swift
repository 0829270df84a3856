import Terminal
import Workflows

/// Advances the workbench by one event: global keys first, then the pane in front.
enum WorkbenchUpdate {
  /// Pure, as every update.
  static func update(
    _ state: inout WorkbenchState, _ event: Event<WorkbenchMessage>
  ) -> [WorkbenchEffect] {
    follow(handle(event, &state), &state)
  }

  private static func handle(
    _ event: Event<WorkbenchMessage>, _ state: inout WorkbenchState
  ) -> [WorkbenchEffect] {
    switch event {
    case .resized(let size):
      state.size = size
      return toAll(&state, .resized(WorkbenchView.paneSize(size)))
    case .message(let message): return deliver(message, &state)
    case .key(.mouse(var mouse)):
      guard heedsMouse(state) else { return [] }
      // The tabs stand above the pane.
      mouse.y -= WorkbenchView.paneTop
      return toPane(&state, .key(.mouse(mouse)))
    case .key(let key):
      state.notice = nil
      return global(key, &state) ?? toPane(&state, .key(key))
    case .paste(let text):
      guard state.palette == nil else {
        state.palette?.input.paste(text)
        return []
      }
      return toPane(&state, .paste(text))
    case .interrupted: return [.quit]
    case .closing(let ending): return toAll(&state, .closing(ending))
    }
  }

  // MARK: Keys

  /// What a key does wherever the user is; `nil`: it is the pane's.
  private static func global(_ key: Key, _ state: inout WorkbenchState) -> [WorkbenchEffect]? {
    switch key {
    case .control("l"), .control("z"): return GlobalKeys.act(on: key, &state)
    default: break
    }
    if state.help != nil { return helpKey(key, &state) }
    if state.palette != nil { return Palette.handle(key, &state) }
    if takesText(state) {
      // Leaves an input as Esc does; an answer is stopped first.
      return key == .control("c") && !isAnswering(state) ? toPane(&state, .key(.escape)) : nil
    }
    let hadPrefix = state.hasPrefix
    state.hasPrefix = false
    switch key {
    case .control("c"): return isAnswering(state) ? nil : [.quit]
    case .character("g") where !hadPrefix && state.only == nil: state.hasPrefix = true
    case .character("t") where hadPrefix: state.pane = state.pane.moved(by: 1)
    case .character("T") where hadPrefix: state.pane = state.pane.moved(by: -1)
    default: return GlobalKeys.act(on: key, &state)
    }
    return []
  }

  private static func helpKey(_ key: Key, _ state: inout WorkbenchState) -> [WorkbenchEffect] {
    let overlay = WorkbenchView.help(state)
    let page = HelpOverlay.page(height: state.size.height)
    if state.help?.handle(key, count: overlay.count, page: page) == true { return [] }
    state.help = nil
    return []
  }

  /// Whether Ctrl+C stops an answer rather than the program.
  private static func isAnswering(_ state: WorkbenchState) -> Bool {
    state.pane == .chat && state.chat.answer != nil
  }

  /// Whether the mouse means anything now; elsewhere it is the terminal's, to select text with.
  static func heedsMouse(_ state: WorkbenchState) -> Bool {
    state.pane == .runs && state.hasPanes && state.help == nil && state.palette == nil
      && state.runs.dialog == nil
  }

  /// Whether letters and digits are text now.
  static func takesText(_ state: WorkbenchState) -> Bool {
    state.palette != nil || state.hasPanes && AnyPane(state.pane).takesText(state)
  }

  // MARK: Panes

  private static func toPane(
    _ state: inout WorkbenchState, _ input: AnyPane.Input
  ) -> [WorkbenchEffect] {
    state.hasPanes ? AnyPane(state.pane).update(&state, input) : []
  }

  private static func toAll(
    _ state: inout WorkbenchState, _ input: AnyPane.Input
  ) -> [WorkbenchEffect] {
    AnyPane.all.flatMap { $0.update(&state, input) }
  }

  private static func deliver(
    _ message: WorkbenchMessage, _ state: inout WorkbenchState
  ) -> [WorkbenchEffect] {
    switch message {
    case .corpus(let message):
      return CorpusPane.update(&state.corpus, .message(message)).map(WorkbenchEffect.corpus)
    case .runs(let message):
      return RunsPane.update(&state.runs, .message(message)).map(WorkbenchEffect.runs)
    case .chat(let message):
      return ChatPane.update(&state.chat, .message(message)).map(WorkbenchEffect.chat)
    case .scores(let message):
      return ScoresPane.update(&state.scores, .message(message)).map(WorkbenchEffect.scores)
    case .experiments(let message):
      return ExperimentsPane.update(&state.experiments, .message(message))
        .map(WorkbenchEffect.experiments)
    case .alert(let alert, let rings):
      state.alerts.removeAll { $0.experiment == alert.experiment && $0.kind == alert.kind }
      state.alerts.insert(alert, at: 0)
      return rings ? [.bell] : []
    case .notice(let text, let isError):
      state.notice = WorkbenchState.Notice(text: text, isError: isError)
      return []
    }
  }

  /// Goes where panes lead to; what is left is for the world.
  private static func follow(
    _ effects: [WorkbenchEffect], _ state: inout WorkbenchState
  ) -> [WorkbenchEffect] {
    var left: [WorkbenchEffect] = []
    for effect in effects { left += follow(effect, &state) }
    return left
  }

  private static func follow(
    _ effect: WorkbenchEffect, _ state: inout WorkbenchState
  ) -> [WorkbenchEffect] {
    switch effect {
    case .show(let destination), .runs(.show(let destination)), .scores(.show(let destination)),
      .experiments(.show(let destination)):
      return follow(go(to: destination, &state), &state)
    case .corpus(.notice(let text)), .runs(.notice(let text)), .chat(.notice(let text)),
      .scores(.notice(let text)), .experiments(.notice(let text)):
      state.notice = WorkbenchState.Notice(text: text, isError: false)
      return []
    default: return [effect]
    }
  }

  private static func go(
    to destination: Destination, _ state: inout WorkbenchState
  ) -> [WorkbenchEffect] {
    switch destination {
    case .run(let number):
      state.pane = .runs
      return RunsPane.update(&state.runs, .message(.select(number))).map(WorkbenchEffect.runs)
    case .scores(let models):
      state.pane = .scores
      return ScoresPane.update(&state.scores, .message(.select(models)))
        .map(WorkbenchEffect.scores)
    case .documents(let corpus, let ids, let title):
      state.pane = .corpus
      return CorpusPane.update(&state.corpus, .message(.list(corpus, ids, title: title)))
        .map(WorkbenchEffect.corpus)
    case .chat(let model):
      state.pane = .chat
      return ChatPane.update(&state.chat, .message(.choose(model))).map(WorkbenchEffect.chat)
    }
  }
}
