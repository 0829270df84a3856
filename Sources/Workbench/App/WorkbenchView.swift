import Terminal
import Workflows

/// Draws the workbench: tabs above, the pane, keys below.
enum WorkbenchView {
  /// Pure, as every view.
  static func view(_ state: WorkbenchState, _ surface: inout Surface) {
    let (head, rest) = surface.bounds.split(top: 1)
    let (body, foot) = rest.split(bottom: 1)
    drawHead(state, in: head, &surface)
    if state.hasPanes {
      surface.inside(body) { AnyPane(state.pane).draw(state, &$0) }
    } else {
      surface.inside(body.inset()) { surface in
        Paragraph(noWorkspace, role: "ui.text").draw(in: surface.bounds, on: &surface)
      }
    }
    if let notice = state.notice {
      drawNotice(notice, above: foot.bottom, &surface)
    } else {
      let general = isKeyed(state) ? [KeyHint(":", "actions"), KeyHint("?", "help")] : []
      KeyFooter(hints(state) + general, kept: general.count).draw(in: foot, on: &surface)
    }
    if let palette = state.palette { PaletteView.draw(state, palette, &surface) }
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
    drawAlert(state, in: rect, &surface)
  }

  /// The newest alert, right of the tabs, in place of the workspace's name.
  private static func drawAlert(_ state: WorkbenchState, in rect: Rect, _ surface: inout Surface) {
    guard let alert = state.alerts.first else { return }
    let more = state.alerts.count > 1 ? " (+\(state.alerts.count - 1))" : ""
    let room = rect.width / 2
    let text = TextWidth.cut("! \(alert.line)\(more)", to: room)
    let width = TextWidth.columns(of: text)
    surface.fill(Rect(x: rect.right - width - 1, y: rect.y, width: width + 1, height: 1))
    surface.put(
      text, at: Point(x: rect.right - width, y: rect.y),
      role: alert.kind == .end ? "ui.ok" : "ui.error")
  }

  /// What a terminal of `size` leaves for a pane.
  /// The row where panes begin.
  static let paneTop = 1

  static func paneSize(_ size: Size) -> Size {
    Size(width: size.width, height: max(0, size.height - 2))
  }

  /// All keys that work now.
  static func help(_ state: WorkbenchState) -> HelpOverlay {
    HelpOverlay(
      title: "Keys",
      sections: (state.hasPanes
        ? [HelpOverlay.Section(state.pane.title, paneHints(state))] : []) + [
          HelpOverlay.Section("Everywhere", moving + GlobalKeys.actions(state).map(\.hint))
        ], state: state.help ?? ScrollState())
  }

  /// Keys that are no action of their own.
  private static let moving = [
    KeyHint("arrows, j k", "move"),
    KeyHint("PgUp, PgDn", "a page; Home, End: all the way"),
    KeyHint("Tab", "next box; Shift+Tab: the one before"),
    KeyHint("Esc", "out of an input, a question, a document"),
    KeyHint("gt, gT", "next and previous pane"),
    KeyHint("Ctrl+C", "stop an answer, leave an input, or quit"),
  ]

  private static let noWorkspace = """
    There is no workspace here.

    Make one with 'kaji init', or see the whole life of a small model with 'kaji demo': \
    it makes a workspace, trains a model and opens this workbench on it.

    A workspace elsewhere opens with 'kaji --workspace DIR'.
    """

  private static func status(_ state: WorkbenchState) -> String {
    state.workspaceName + (state.isReadOnly ? "  read-only" : "")
  }

  /// Whether the general keys work: neither an input nor the help has them.
  private static func isKeyed(_ state: WorkbenchState) -> Bool {
    state.help == nil && !WorkbenchUpdate.takesText(state)
  }

  /// The keys that do something now; the help lists the others too.
  private static func hints(_ state: WorkbenchState) -> [KeyHint] {
    if state.help != nil { return helpHints }
    if state.palette != nil { return PaletteView.hints }
    let own = state.hasPanes ? paneHints(state).filter(\.isEnabled) : []
    return isKeyed(state) ? own + [KeyHint("q", "quit")] : own
  }

  private static let helpHints = [
    KeyHint("Up Down", "scroll"), KeyHint(.escape, "close, as any other key"),
  ]

  private static func paneHints(_ state: WorkbenchState) -> [KeyHint] {
    AnyPane(state.pane).actions(state).map(\.hint)
  }
}
