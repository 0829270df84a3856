import Base
import Corpus
import Terminal

/// Draws the Corpus pane.
enum CorpusView {
  typealias State = CorpusPane.State

  static func draw(_ state: State, _ surface: inout Surface) {
    let layout = CorpusLayout(state)
    if !layout.corpora.isEmpty {
      drawCorpora(state, in: layout.corpora, &surface)
      drawSubsets(state, in: layout.subsets, &surface)
    }
    drawDocuments(state, in: layout.documents, &surface)
    if !layout.reader.isEmpty { drawReader(state, in: layout.reader, &surface) }
  }

  // MARK: Lists

  private static func drawCorpora(_ state: State, in rect: Rect, _ surface: inout Surface) {
    let rows = state.corpora ?? []
    surface.panel(
      rect, "Corpora" + state.corpusList.place(of: rows.count), isFocused: state.focus == .corpora
    ) { inner, surface in
      Table(
        columns: [
          TableColumn("CORPUS", .share(1)), TableColumn("VERSION", .fixed(8)),
          TableColumn("", .fixed(6)), TableColumn("DOCUMENTS", .fixed(11), .right),
        ], count: rows.count, state: state.corpusList, isFocused: state.focus == .corpora,
        empty: state.corpora == nil ? "Reading the workspace ..." : emptyText
      ) { index in
        let row = rows[index]
        return [
          TableCell(row.name.corpus), TableCell(versionName(row.name.version)),
          TableCell(row.isLatest ? "latest" : ""), TableCell(Format.count(row.documents)),
        ]
      }.draw(in: inner, on: &surface)
    }
  }

  private static let emptyText = """
    No corpus yet. 'kaji corpus import NAME FILES' makes one from JSON lines or text files.
    """

  private static func drawSubsets(_ state: State, in rect: Rect, _ surface: inout Surface) {
    let place = state.subsetList.place(of: state.subsets.count)
    let title = (state.chosen.map { "Subsets of \($0.reference)" } ?? "Subsets") + place
    surface.panel(rect, title, isFocused: state.focus == .subsets) { inner, surface in
      let theme = surface.theme
      Table(
        columns: [
          TableColumn("SUBSET", .share(1)), TableColumn("LANG", .fixed(4)),
          TableColumn("LEVEL", .fixed(5)), TableColumn("DOCUMENTS", .fixed(10), .right),
          TableColumn("CHARACTERS", .fixed(11), .right), TableColumn("TOKENS", .fixed(11), .right),
        ], count: state.subsets.count, state: state.subsetList,
        isFocused: state.focus == .subsets
      ) { index in
        let subset = state.subsets[index]
        return [
          TableCell(subset.name), TableCell(subset.language),
          TableCell(subset.level.rawValue, style: theme[subset.level.role]),
          TableCell(Format.count(subset.documents)), TableCell(Format.count(subset.characters)),
          TableCell(subset.tokens.map(Format.count) ?? "-"),
        ]
      }.draw(in: inner, on: &surface)
    }
  }

  private static func drawDocuments(_ state: State, in rect: Rect, _ surface: inout Surface) {
    surface.panel(rect, documentsTitle(state), isFocused: state.focus == .documents) {
      inner, surface in
      var inner = inner
      if let query = state.query {
        let (line, rest) = inner.split(top: 1)
        query.draw(
          in: line, on: &surface, prompt: "search: ", placeholder: "words, or \"a phrase\"")
        inner = rest
      }
      let theme = surface.theme
      // Of what a search found only the surroundings of the word are known, not the length.
      let columns =
        [TableColumn("DOCUMENT", .fixed(14)), TableColumn("LEVEL", .fixed(5))]
        + (state.findings == nil ? [TableColumn("CHARS", .fixed(7), .right)] : [])
        + [TableColumn("TEXT", .share(1))]
      let textColumns = Table.widths(of: columns, in: inner.width - 1).last ?? 0
      Table(
        columns: columns, count: state.documentCount, state: state.documentList,
        isFocused: state.focus == .documents && state.query == nil, empty: emptyDocuments(state)
      ) { index in
        let row = state.findings.map { $0.hits[index] } ?? state.documents[index]
        guard let row else { return [TableCell("..")] }
        let head = [
          TableCell(row.id.description),
          TableCell(row.level.rawValue, style: theme[row.level.role]),
        ]
        guard let findings = state.findings else {
          return head + [TableCell(row.characters.map(Format.count) ?? ""), TableCell(row.line)]
        }
        return head + [FoundWords.cell(row.line, findings.words, columns: textColumns)]
      }.draw(in: inner, on: &surface)
    }
  }

  private static func documentsTitle(_ state: State) -> String {
    if state.isSearching { return "Searching ..." }
    let place = "\(Format.count(state.documentList.selection + 1))"
    if let findings = state.findings {
      let count =
        findings.hits.isEmpty
        ? "nothing" : "\(place) of \(Format.count(findings.total))"
      let withheld =
        findings.withheld > 0 ? ", \(Format.count(findings.withheld)) not searched" : ""
      return "Found \(count) for \(findings.query)\(withheld)"
    }
    guard let subset = state.subset else { return "Documents" }
    let count = state.documentCount == 0 ? "" : " \(place) of \(Format.count(subset.documents))"
    return "Documents of \(subset.name)\(count)"
  }

  private static func emptyDocuments(_ state: State) -> String {
    if let findings = state.findings {
      let withheld =
        findings.withheld == 0
        ? "" : " \(Format.counted(findings.withheld, "document")) may not be searched."
      return "No document holds all these words.\(withheld)"
    }
    guard let subset = state.subset else {
      return state.chosen == nil
        ? "The documents of the chosen subset stand here." : "Reading the version ..."
    }
    return state.isShowable
      ? "This subset is empty." : Withholding.sentence(subset.level, documents: subset.documents)
  }

  // MARK: The reader

  private static func drawReader(_ state: State, in rect: Rect, _ surface: inout Surface) {
    let title = state.document.map { "Document \($0.id)" } ?? "Document"
    surface.panel(rect, title, isFocused: state.focus == .reader) { inner, surface in
      guard let document = state.document else {
        let place = Rect(x: 1, y: 0, width: inner.width - 2, height: inner.height)
        Paragraph("Enter on a document opens it here.", role: "ui.text.dim")
          .draw(in: place, on: &surface)
        return
      }
      let (head, body) = inner.split(top: 2)
      drawHead(document, in: head, &surface)
      guard let text = state.text else {
        Paragraph(Withholding.short(document.text.level), role: "ui.warning")
          .draw(in: body, on: &surface)
        return
      }
      let view = TextView(lines: text.lines, state: state.scroll)
      view.draw(in: body, on: &surface)
      for place in state.found {
        view.mark(place.range, ofLine: place.line, in: body, on: &surface)
      }
    }
  }

  private static func drawHead(
    _ document: OpenDocument, in rect: Rect, _ surface: inout Surface
  ) {
    let level = document.text.level
    var x = rect.x
    x += surface.put(
      "\(document.subset)  \(document.language)  ", at: Point(x: x, y: rect.y), role: "ui.header")
    x += surface.put(level.rawValue, at: Point(x: x, y: rect.y), role: level.role)
    let characters = "  \(Format.counted(document.text.characters, "character"))"
    x += surface.put(characters, at: Point(x: x, y: rect.y), role: "ui.text.dim")
    let meta = TextWidth.cut(document.meta, to: rect.right - x - 2)
    surface.put(meta, at: Point(x: x + 2, y: rect.y), role: "ui.text.dim")
    surface.put(
      String(repeating: "-", count: rect.width), at: Point(x: rect.x, y: rect.y + 1),
      role: "ui.border")
  }
}

extension ReleaseLevel {
  /// The role whose colour shows the level; its name always stands beside it.
  var role: Role { Role("level.\(rawValue)") }
}
