import Terminal

/// The actions of all panes, found by a few letters of their names.
struct Palette: Sendable {
  /// An action that fits what was typed.
  struct Match: Sendable, Equatable {
    var action: Action
    /// The letters of the label that were typed, by their places.
    var letters: [Int] = []
  }

  /// How many of the last used actions stand first while nothing is typed.
  static let recentCount = 3

  var input = TextInput()
  var list = ListState()

  /// The actions that fit, best first; while nothing is typed the last used, those of the pane in front,
  /// those of everywhere, and those of the other panes.
  func matches(_ state: WorkbenchState) -> [Match] {
    let actions = Self.actions(state)
    guard input.text.contains(where: { !$0.isWhitespace }) else {
      let recent = state.recentActions.compactMap { used in actions.first { $0.isSame(as: used) } }
      let others = actions.filter { action in !recent.contains { $0.isSame(as: action) } }
      return (recent + others).map { Match(action: $0) }
    }
    // Sorting by score and place keeps the order of equals.
    return actions.enumerated().compactMap { place, action in
      score(action, state).map { (place, $0.score, Match(action: action, letters: $0.letters)) }
    }
    .sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map(\.2)
  }

  private static func actions(_ state: WorkbenchState) -> [Action] {
    let everywhere = GlobalKeys.actions(state).map { Action(nil, $0) }
      .filter { $0.key != .character(":") }
    guard state.hasPanes else { return everywhere }
    let own = AnyPane(state.pane).actions(state)
    guard state.only == nil else { return own + everywhere }
    // A pane in which text is being written keeps its keys to itself.
    let others = AnyPane.all.filter { $0.id != state.pane && !$0.takesText(state) }
    return own + everywhere + others.flatMap { $0.actions(state) }
  }

  private func score(_ action: Action, _ state: WorkbenchState) -> (score: Int, letters: [Int])? {
    let isNear = action.pane == nil || action.pane == state.pane
    let bonus = (isNear ? 2 : 0) + (action.obstacle == nil ? 2 : 0)
    // The key itself is a name too: `:q` quits.
    if input.text == action.key.description { return (1000 + bonus, []) }
    if let match = FuzzyMatch(input.text, in: action.label) {
      return (match.score + bonus, match.places)
    }
    let name = (action.pane?.name ?? "") + " " + action.label
    return FuzzyMatch(input.text, in: name).map { ($0.score + bonus - 40, []) }
  }

  // MARK: Keys

  /// What a key does while the palette is open.
  static func handle(_ key: Key, _ state: inout WorkbenchState) -> [WorkbenchEffect] {
    guard var palette = state.palette else { return [] }
    let count = palette.matches(state).count
    switch key {
    case .enter: return choose(&state)
    case .escape, .control("c"):
      state.palette = nil
      return []
    case .backspace where palette.input.text.isEmpty:
      state.palette = nil
      return []
    case .tab: palette.list.select(palette.list.selection + 1, count: count, page: page(state))
    case .backTab: palette.list.select(palette.list.selection - 1, count: count, page: page(state))
    case .up, .down, .pageUp, .pageDown:
      _ = palette.list.handle(key, count: count, page: page(state))
    default:
      if palette.input.handle(key) == .edited { palette.list = ListState() }
    }
    state.palette = palette
    return []
  }

  /// Rows of actions that are visible at once.
  static func page(_ state: WorkbenchState) -> Int { max(1, PaletteView.height(state) - 4) }

  private static func choose(_ state: inout WorkbenchState) -> [WorkbenchEffect] {
    guard let palette = state.palette else { return [] }
    let matches = palette.matches(state)
    guard matches.indices.contains(palette.list.selection) else { return [] }
    let action = matches[palette.list.selection].action
    state.palette = nil
    state.recentActions.removeAll { $0.isSame(as: action) }
    state.recentActions = [action] + state.recentActions.prefix(recentCount - 1)
    guard let pane = action.pane else { return GlobalKeys.act(on: action.key, &state) ?? [] }
    state.pane = pane
    return AnyPane(pane).update(&state, .key(action.key))
  }
}

extension Action {
  /// Whether both are the same action, be it possible now or not.
  fileprivate func isSame(as other: Action) -> Bool {
    (pane, key, label) == (other.pane, other.key, other.label)
  }
}

/// Draws the palette over the pane.
enum PaletteView {
  static let hints = [
    KeyHint(.enter, "do it"), KeyHint("Up Down", "choose"), KeyHint(.escape, "close"),
  ]

  /// Rows of the box.
  static func height(_ state: WorkbenchState) -> Int { min(20, max(0, state.size.height - 4)) }

  static func draw(_ state: WorkbenchState, _ palette: Palette, _ surface: inout Surface) {
    let matches = palette.matches(state)
    let width = min(72, surface.size.width)
    let frame = Rect(
      x: (surface.size.width - width) / 2, y: 1, width: width, height: height(state))
    let count = matches.isEmpty ? "" : " \(palette.list.selection + 1) of \(matches.count)"
    surface.fill(frame)
    surface.panel(frame, "Actions\(count)", isFocused: true) { inner, surface in
      let (line, rest) = inner.split(top: 1)
      palette.input.draw(
        in: line, on: &surface, prompt: ":", placeholder: "a few letters of what to do")
      guard !matches.isEmpty else {
        let place = Rect(x: 1, y: 2, width: inner.width - 2, height: 1)
        Paragraph("No action is called so.", role: "ui.text.dim").draw(in: place, on: &surface)
        return
      }
      let theme = surface.theme
      Table(
        columns: [
          TableColumn("ACTION", .fixed(26)), TableColumn("KEY", .fixed(9)),
          TableColumn("WHERE", .share(1)),
        ], count: matches.count, state: palette.list
      ) { index in row(matches[index], theme) }.draw(in: rest, on: &surface)
    }
  }

  private static func row(_ match: Palette.Match, _ theme: Theme) -> [TableCell] {
    let action = match.action
    let isPossible = action.obstacle == nil
    let style = isPossible ? Style.plain : theme["ui.key.disabled"]
    let letters = match.letters.map { $0..<$0 + 1 }
    return [
      TableCell(action.label, style: style, marks: letters),
      TableCell(action.key.description, style: isPossible ? theme["ui.key"] : style),
      TableCell(action.obstacle ?? action.pane?.name ?? "everywhere", style: style),
    ]
  }
}
