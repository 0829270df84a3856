import Base
import Lab
import Terminal

/// Draws the Experiments pane.
enum ExperimentsView {
  typealias State = ExperimentsPane.State

  static func draw(_ state: State, _ surface: inout Surface) {
    let layout = ExperimentsLayout(state)
    drawList(state, in: layout.list, &surface)
    let title = state.experiment.map { "Experiment \(Format.experiment($0.number))" } ?? "Details"
    surface.panel(layout.details, title, isFocused: state.focus == .details) { inner, surface in
      let lines = details(state, width: layout.detailColumns)
      TextView(lines: lines, state: state.scroll).draw(in: inner, on: &surface)
    }
    drawMenu(state, &surface)
  }

  /// On a small screen folders are named without the one they all lie in.
  private static func columns(isWide: Bool) -> [TableColumn] {
    [
      TableColumn("NO", .fixed(5), .right), TableColumn("SLUG", .share(2)),
      TableColumn("KIND", .fixed(9)), TableColumn("STATE", .fixed(10)),
      TableColumn(isWide ? "FOLDER" : "IN experiments/", .share(3)),
    ]
  }

  private static func drawList(_ state: State, in rect: Rect, _ surface: inout Surface) {
    let rows = state.rows ?? []
    let count = rows.isEmpty ? "" : " \(state.list.selection + 1) of \(rows.count)"
    let problem = state.problems.isEmpty ? "" : ", \(state.problems.count) unreadable"
    surface.panel(rect, "Experiments" + count + problem, isFocused: state.focus == .list) {
      inner, surface in
      let theme = surface.theme
      Table(
        columns: columns(isWide: state.size.isWide), count: rows.count, state: state.list,
        isFocused: state.focus == .list,
        empty: state.rows == nil ? "Reading the workspace ..." : emptyText
      ) { index in
        let row = rows[index]
        return [
          TableCell(Format.experiment(row.number)), TableCell(row.slug),
          TableCell(row.kind.rawValue), row.state.cell(theme),
          TableCell(state.size.isWide ? row.folder : Path(row.folder).name),
        ]
      }.draw(in: inner, on: &surface)
    }
  }

  private static let emptyText = """
    No experiment yet. Whatever Kaji makes gets a number here: import a corpus with \
    'kaji corpus import', or start a run with n in pane 2.
    """

  /// The lines of the detail box.
  static func details(_ state: State, width: Int) -> [String] {
    guard let row = state.experiment else {
      guard !state.problems.isEmpty else {
        return wrapped("What is known of the chosen experiment stands here.", width)
      }
      return state.problems.flatMap { wrapped("! " + $0, width) }
    }
    var lines = wrapped(row.title, width)
    func add(_ name: String, _ value: String) {
      guard !value.isEmpty else { return }
      lines += wrapped("\(name): \(value)", width)
    }
    add("purpose", row.purpose)
    add("owner", row.owner)
    add("created", row.created)
    add("folder", row.folder)
    add("made from", row.links.joined(separator: ", "))
    let steps = row.checkpoints.prefix(12).map { Format.count($0) }.joined(separator: "  ")
    add("checkpoints", steps + (row.checkpoints.count > 12 ? " .." : ""))
    if !row.notes.isEmpty {
      lines += ["", "Notes"] + row.notes.flatMap { wrapped("  " + $0, width) }
    }
    if !row.provenance.isEmpty {
      lines += ["", "Provenance"] + row.provenance.flatMap { wrapped("  " + $0, width) }
    }
    if !state.problems.isEmpty {
      lines += ["", "Unreadable"] + state.problems.flatMap { wrapped("  ! " + $0, width) }
    }
    return lines
  }

  private static func wrapped(_ text: String, _ width: Int) -> [String] {
    TextWrap.lines(of: text, columns: width).map(String.init)
  }

  private static func drawMenu(_ state: State, _ surface: inout Surface) {
    guard let menu = state.menu, let experiment = state.experiment else { return }
    let size = Size(
      width: min(50, surface.size.width), height: min(menu.items.count + 3, surface.size.height))
    let title = "\(Format.experiment(experiment.number))_\(experiment.slug)"
    surface.panel(surface.bounds.centred(size), title, isFocused: true) { inner, surface in
      let (list, keys) = inner.split(bottom: 1)
      List(count: menu.items.count, state: menu.list) { TableCell(menu.items[$0].label) }
        .draw(in: list, on: &surface)
      KeyFooter(ExperimentsKeys.actions(state).map(\.hint)).draw(in: keys, on: &surface)
    }
  }
}
