import Terminal

/// Draws the workbench: tabs above, the pane, keys below.
enum WorkbenchView {
  /// Pure, as every view.
  static func view(_ state: WorkbenchState, _ surface: inout Surface) {
    let (head, rest) = surface.bounds.split(top: 1)
    let (body, foot) = rest.split(bottom: 1)
    drawHead(state, in: head, &surface)
    if state.hasWorkspace || state.only != nil {
      surface.inside(body) { drawPane(state, &$0) }
    } else {
      surface.inside(body.inset()) { surface in
        Paragraph(noWorkspace, role: "ui.text").draw(in: surface.bounds, on: &surface)
      }
    }
    if let notice = state.notice {
      drawNotice(notice, above: foot.bottom, &surface)
    } else {
      KeyFooter(hints(state) + [KeyHint("?", "help")]).draw(in: foot, on: &surface)
    }
    if state.help != nil { help(state).draw(in: surface.bounds, on: &surface) }
  }

  /// Writes the news over the last rows, as many as it takes.
  private static func drawNotice(
    _ notice: WorkbenchState.Notice, above bottom: Int, _ surface: inout Surface
  ) {
    let role: Role = notice.isError ? "ui.error" : "ui.ok"
    let lines = TextWrap.lines(of: notice.text, columns: max(1, surface.size.width - 2)).prefix(4)
    let top = bottom - lines.count
    surface.fill(Rect(x: 0, y: top, width: surface.size.width, height: lines.count))
    surface.put(notice.isError ? "!" : "*", at: Point(x: 0, y: top), role: role)
    for (y, line) in lines.enumerated() {
      surface.put(line, at: Point(x: 2, y: top + y), role: role)
    }
  }

  private static func drawHead(_ state: WorkbenchState, in rect: Rect, _ surface: inout Surface) {
    let panes = state.only.map { [$0] } ?? PaneID.allCases
    let current = panes.firstIndex(of: state.pane) ?? 0
    Tabs(panes.map(\.title), current: current, status: status(state)).draw(in: rect, on: &surface)
  }

  /// What a terminal of `size` leaves for a pane.
  static func paneSize(_ size: Size) -> Size {
    Size(width: size.width, height: max(0, size.height - 2))
  }

  /// All keys that work now.
  static func help(_ state: WorkbenchState) -> HelpOverlay {
    HelpOverlay(
      title: "Keys",
      sections: [
        HelpOverlay.Section(state.pane.title, paneHints(state)),
        HelpOverlay.Section(
          "Everywhere",
          [
            KeyHint("1 - 5", "go to a pane"), KeyHint("gt, gT", "next and previous pane"),
            KeyHint("Tab", "next box"), KeyHint("arrows, j k", "move"),
            KeyHint("PgUp, PgDn", "a page; Home, End: all the way"),
            KeyHint("Ctrl+C", "stop an answer; otherwise quit"),
            KeyHint("Ctrl+T", "next theme"),
            KeyHint("Ctrl+L", "draw again"), KeyHint("Ctrl+Z", "suspend"),
            KeyHint("q", "quit; runs go on"), KeyHint("?", "this help; any key closes it"),
          ]),
      ], state: state.help ?? ScrollState())
  }

  private static let noWorkspace = """
    There is no workspace here.

    Make one with 'kaji init', or see the whole life of a small model with 'kaji demo': \
    it makes a workspace, trains a model and opens this workbench on it.

    A workspace elsewhere opens with 'kaji --workspace DIR'.
    """

  private static func status(_ state: WorkbenchState) -> String {
    state.workspaceName + (state.isReadOnly ? "  read-only" : "")
  }

  private static func hints(_ state: WorkbenchState) -> [KeyHint] {
    let own = state.hasWorkspace || state.only != nil ? paneHints(state) : []
    return WorkbenchUpdate.takesText(state) ? own : own + [KeyHint("q", "quit")]
  }

  private static func paneHints(_ state: WorkbenchState) -> [KeyHint] {
    switch state.pane {
    case .corpus: CorpusPane.hints(state.corpus)
    case .runs: RunsPane.hints(state.runs)
    case .chat: ChatPane.hints(state.chat)
    case .scores: ScoresPane.hints(state.scores)
    case .experiments: ExperimentsPane.hints(state.experiments)
    }
  }

  private static func drawPane(_ state: WorkbenchState, _ surface: inout Surface) {
    switch state.pane {
    case .corpus: CorpusPane.view(state.corpus, &surface)
    case .runs: RunsPane.view(state.runs, &surface)
    case .chat: ChatPane.view(state.chat, &surface)
    case .scores: ScoresPane.view(state.scores, &surface)
    case .experiments: ExperimentsPane.view(state.experiments, &surface)
    }
  }
}
