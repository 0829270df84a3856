import Base
import Terminal

/// Draws the Scores pane.
enum ScoresView {
  typealias State = ScoresPane.State

  static func draw(_ state: State, _ surface: inout Surface) {
    let layout = ScoresLayout(state)
    drawTable(state, in: layout.table, &surface)
    if !layout.samples.isEmpty { drawSamples(state, in: layout.samples, &surface) }
    if !layout.detail.isEmpty { drawDetail(state, layout, &surface) }
  }

  // MARK: The table

  private static func drawTable(_ state: State, in rect: Rect, _ surface: inout Surface) {
    let title =
      state.board?.models.isEmpty == false ? "Scores, 0 to 1; * best of its column" : "Scores"
    surface.panel(rect, title, isFocused: state.focus == .table) { inner, surface in
      guard let board = state.board, !board.models.isEmpty else {
        let text = state.board == nil ? "Reading the workspace ..." : emptyText
        let place = Rect(x: 1, y: 1, width: inner.width - 2, height: inner.height - 1)
        Paragraph(text, role: "ui.text.dim").draw(in: place, on: &surface)
        return
      }
      let (rows, foot) = inner.split(bottom: 2)
      let theme = surface.theme
      Table(
        columns: columns(state, board), count: board.models.count, state: state.list,
        isFocused: state.focus == .table
      ) { index in cells(state, board, index, theme) }
      .draw(in: rows, on: &surface)
      drawChance(state, board, in: foot, &surface)
    }
  }

  private static let emptyText = """
    No scores yet. 'kaji eval MODEL' evaluates a model on the nine categories; \
    the table fills as soon as it is done.
    """

  /// The chosen column's title is in brackets.
  private static func columns(_ state: State, _ board: ScoreBoard) -> [TableColumn] {
    let room = ScoresLayout(state).table.width - 4 - 6 * board.columns.count
    return [TableColumn("MODEL", .fixed(max(0, min(36, room))))]
      + board.columns.enumerated().map { place, name in
        let title = name == "average" ? "AVG" : name
        return TableColumn(
          place == state.column ? "[\(title)]" : title + " ", .fixed(5), .right)
      }
  }

  private static func cells(
    _ state: State, _ board: ScoreBoard, _ row: Int, _ theme: Theme
  ) -> [TableCell] {
    let model = board.models[row]
    let sign = state.marked.contains(model) ? "+" : " "
    return [TableCell(sign + model.name)]
      + board.columns.indices.map { column in
        let isBest = board.models.count > 1 && board.isBest(row, column)
        return TableCell(
          score(board.rows[row][column]) + (isBest ? "*" : " "),
          style: isBest ? theme["score.best"].over(Style(attributes: .bold)) : .plain)
      }
  }

  /// A score in four columns: `.487`, `1.00`, or dashes.
  static func score(_ value: Double?) -> String {
    guard let value else { return " -- " }
    let text = Format.fixed(value, 3)
    return text.hasPrefix("0.") ? String(text.dropFirst()) : Format.fixed(value, 2)
  }

  private static func drawChance(
    _ state: State, _ board: ScoreBoard, in rect: Rect, _ surface: inout Surface
  ) {
    let widths = Table.widths(of: columns(state, board), in: rect.width - 1)
    surface.put(
      String(repeating: "-", count: rect.width), at: Point(x: rect.x, y: rect.y), role: "ui.border")
    surface.put(
      TextWidth.fit(" chance", to: widths[0]), at: Point(x: 1, y: rect.y + 1), role: "score.chance")
    var x = widths[0] + 2
    for (value, width) in zip(board.chance, widths.dropFirst()) {
      surface.put(
        TextWidth.pad(score(value) + " ", to: width, .right), at: Point(x: x, y: rect.y + 1),
        role: "score.chance")
      x += width + 1
    }
  }

  // MARK: Samples

  private static func drawSamples(_ state: State, in rect: Rect, _ surface: inout Surface) {
    let shown = state.shown
    let name = "\(state.asked?.category ?? "Samples") \(state.asked?.model.name ?? "")"
    let title =
      name + (shown.isEmpty ? "" : ", \(state.sampleList.selection + 1) of \(shown.count)")
      + (state.showsWrongOnly ? ", wrong only" : "")
    surface.panel(rect, title, isFocused: state.focus == .samples) { inner, surface in
      let theme = surface.theme
      Table(
        columns: [
          TableColumn("", .fixed(7)), TableColumn("EXPECTED", .share(1)),
          TableColumn("OUTPUT", .share(1)),
        ], count: shown.count, state: state.sampleList, isFocused: state.focus == .samples,
        empty: emptySamples(state)
      ) { index in
        let sample = shown[index]
        return [
          verdict(sample, theme), TableCell(oneLine(sample.expected)),
          sample.output.isEmpty
            ? TableCell("(nothing)", style: theme["ui.text.dim"])
            : TableCell(oneLine(sample.output)),
        ]
      }.draw(in: inner, on: &surface)
    }
  }

  private static func emptySamples(_ state: State) -> String {
    guard let set = state.samples else { return "Reading the samples ..." }
    if set.withheld > 0 {
      return "\(Format.counted(set.withheld, "sample")) may not be shown: their task's level"
        + " forbids it."
    }
    return set.samples.isEmpty
      ? "No samples are stored for this score." : "No wrong ones; w shows all samples."
  }

  private static func verdict(_ sample: ScoredSample, _ theme: Theme) -> TableCell {
    switch sample.verdict {
    case .right:
      TableCell(theme.glyph("score.right", else: "+") + " right", style: theme["score.right"])
    case .wrong:
      TableCell(theme.glyph("score.wrong", else: "-") + " wrong", style: theme["score.wrong"])
    case .partly: TableCell("~ " + score(sample.score))
    case .unanswered: TableCell("? none", style: theme["ui.warning"])
    case .none: TableCell("  " + score(sample.score))
    }
  }

  private static func oneLine(_ text: String) -> String {
    String(text.prefix(400).map { $0.isNewline ? " " : $0 })
  }

  private static func drawDetail(
    _ state: State, _ layout: ScoresLayout, _ surface: inout Surface
  ) {
    let title =
      state.sample.map {
        "\($0.task) \($0.index + 1), \($0.metric) \(score($0.score).filter { $0 != " " })"
      } ?? "Sample"
    surface.panel(layout.detail, title, isFocused: state.focus == .detail) { inner, surface in
      let lines = detail(state, width: layout.detailColumns)
      TextView(lines: lines, state: state.scroll).draw(in: inner, on: &surface)
    }
  }

  /// The lines of the chosen sample: verdict, output and expected first, the prompt below.
  static func detail(_ state: State, width: Int) -> [String] {
    guard let sample = state.sample else { return [] }
    let word =
      switch sample.verdict {
      case .right: "+ right"
      case .wrong: "- wrong"
      case .partly: "~ partly right"
      case .unanswered: "? unanswered: the prompt did not fit the model's context"
      case .none: "no verdict"
      }
    var lines = ["verdict: \(word)"]
    for (name, text) in [
      ("expected", sample.expected), ("output", sample.output), ("prompt", sample.prompt),
    ] {
      lines += ["", name + ":"]
      lines += TextWrap.lines(of: text.isEmpty ? "(nothing)" : text, columns: width).map(
        String.init)
    }
    return lines
  }
}
