import Base
import Lab
import Terminal

/// Draws the Runs pane.
enum RunsView {
  typealias State = RunsPane.State

  static func draw(_ state: State, _ surface: inout Surface) {
    let layout = RunsLayout(state)
    drawList(state, in: layout.list, &surface)
    if !layout.events.isEmpty {
      if state.side == .events {
        drawEvents(state, in: layout.events, &surface)
      } else {
        drawSide(state, in: layout.events, &surface)
      }
    }
    if !layout.curve.isEmpty { RunsCharts.drawMain(state, in: layout.curve, &surface) }
    if !layout.small.isEmpty { RunsCharts.drawSmall(state, in: layout.small, &surface) }
    drawDialog(state, &surface)
  }

  /// Where there is little room the name has it: of the state the sign is left.
  private static func columns(width: Int) -> [TableColumn] {
    let isNarrow = width < 60
    return [
      TableColumn(isNarrow ? "" : "STATE", .fixed(isNarrow ? 1 : 10)),
      TableColumn("RUN", .share(1)), TableColumn("STEP", .fixed(7), .right),
      TableColumn("OF", .fixed(7), .right), TableColumn("LOSS", .fixed(6), .right),
      TableColumn("SPIKES", .fixed(6), .right),
    ]
  }

  private static func drawList(_ state: State, in rect: Rect, _ surface: inout Surface) {
    let rows = state.rows ?? []
    let title = rows.count > 1 ? "Runs \(state.list.selection + 1) of \(rows.count)" : "Runs"
    surface.panel(rect, title, isFocused: state.focus == .list) { inner, surface in
      let theme = surface.theme
      Table(
        columns: columns(width: inner.width), count: rows.count, state: state.list,
        isFocused: state.focus == .list,
        empty: state.rows == nil ? "Reading the workspace ..." : emptyText
      ) { index in
        let run = rows[index]
        let spikes: TableCell =
          run.spikes == 0
          ? "-"
          : TableCell(
            "\(theme.glyph("chart.spike", else: "v"))\(run.spikes)", style: theme["chart.spike"])
        return [
          run.state.cell(theme),
          TableCell((state.letter(of: run.number).map { $0 + " " } ?? "") + run.name),
          TableCell(Format.count(run.step)),
          TableCell(run.totalSteps.map(Format.count) ?? "-"),
          TableCell(Format.value(run.loss?.value)),
          spikes,
        ]
      }.draw(in: inner, on: &surface)
    }
  }

  private static let emptyText = """
    No run yet. n starts one from a configuration file; docs/configuration.md says what stands \
    in one.
    """

  /// What stands in the place of the events.
  private static func drawSide(_ state: State, in rect: Rect, _ surface: inout Surface) {
    surface.panel(rect, state.sideTitle, isFocused: state.focus == .events) { inner, surface in
      guard !state.sideLines.isEmpty else {
        Paragraph("Nothing yet.", role: "ui.text.dim").draw(in: inner, on: &surface)
        return
      }
      TextView(lines: state.sideLines, state: state.sideScroll).draw(in: inner, on: &surface)
    }
  }

  private static func drawEvents(_ state: State, in rect: Rect, _ surface: inout Surface) {
    let events = state.ownCurves?.events ?? []
    let title = events.isEmpty ? "Events" : "Events \(Format.count(events.count)), newest first"
    surface.panel(rect, title, isFocused: state.focus == .events) { inner, surface in
      let theme = surface.theme
      List(
        count: events.count, state: state.events, isFocused: state.focus == .events,
        empty: state.selected == nil
          ? "Checkpoints, spikes and whatever else happens in it stand here."
          : "Nothing has happened in this run yet."
      ) { index in
        let event = events[index]
        let sign = theme.glyph(event.kind.role, else: " ")
        let step = TextWidth.pad(Format.count(event.step), to: 9, .right)
        let kind = TextWidth.pad(event.kind.rawValue, to: 10)
        let style = event.isSuperseded ? theme["chart.superseded"] : theme[event.kind.role]
        return TableCell(
          "\(sign) \(step) \(kind) \(event.text)\(event.isSuperseded ? " (superseded)" : "")",
          style: style)
      }.draw(in: inner, on: &surface)
    }
  }

  private static func drawDialog(_ state: State, _ surface: inout Surface) {
    switch state.dialog {
    case .configuration(let input, let problem, let isBusy):
      drawConfiguration(state, input, problem, isBusy, &surface)
    case .stop(let number):
      let name = state.rows?.first { $0.number == number }?.name ?? Format.experiment(number)
      Dialog(
        title: "Stop \(name)?",
        text: "It saves a checkpoint and ends. r goes on from there later, as if nothing had been.",
        choices: RunsKeys.actions(state).map(\.hint)
      ).draw(in: surface.bounds, on: &surface)
    case .why(let event): drawWhy(event, state, &surface)
    case .filter(let input): drawFilter(state, input, &surface)
    case nil: break
    }
  }

  private static func drawFilter(
    _ state: State, _ input: TextInput, _ surface: inout Surface
  ) {
    let frame = surface.bounds.centred(Size(width: min(64, surface.size.width), height: 7))
    surface.panel(frame, "Metrics", isFocused: true) { inner, surface in
      let (body, keys) = inner.split(bottom: 1)
      let (words, line) = body.split(bottom: 2)
      Paragraph("A part of their names, as gradient; with ! before it, those without.")
        .draw(in: words, on: &surface)
      input.draw(in: line.split(top: 1).top, on: &surface, prompt: "names: ", isFocused: true)
      KeyFooter(RunsKeys.actions(state).map(\.hint)).draw(in: keys, on: &surface)
    }
  }

  private static func drawWhy(_ event: EventRow, _ state: State, _ surface: inout Surface) {
    let width = min(110, surface.size.width)
    let text = event.why.joined(separator: "\n")
    let rows = TextWrap.lines(of: text, columns: max(1, width - 2)).count + 3
    let frame = surface.bounds.centred(
      Size(width: width, height: min(rows, surface.size.height)))
    surface.panel(frame, "Why, step \(Format.count(event.step))", isFocused: true) {
      inner, surface in
      let (body, keys) = inner.split(bottom: 1)
      Paragraph(text).draw(in: body, on: &surface)
      KeyFooter(RunsKeys.actions(state).map(\.hint)).draw(in: keys, on: &surface)
    }
  }

  private static func drawConfiguration(
    _ state: State, _ input: TextInput, _ problem: String?, _ isBusy: Bool,
    _ surface: inout Surface
  ) {
    let text = problem ?? (isBusy ? "Starting ..." : configurationText)
    let frame = surface.bounds.centred(Size(width: min(72, surface.size.width), height: 10))
    surface.panel(frame, "New run", isFocused: true) { inner, surface in
      let (body, keys) = inner.split(bottom: 1)
      let (words, line) = body.split(bottom: 2)
      Paragraph(text, role: problem == nil ? "ui.text" : "ui.error").draw(in: words, on: &surface)
      input.draw(in: line.split(top: 1).top, on: &surface, prompt: "file: ", isFocused: !isBusy)
      KeyFooter(RunsKeys.actions(state).map(\.hint)).draw(in: keys, on: &surface)
    }
  }

  private static let configurationText = """
    Which configuration shall be trained? A path, from the workspace's folder on if it is not \
    absolute. The run gets a number of its own and goes on when you leave the workbench.
    """
}
