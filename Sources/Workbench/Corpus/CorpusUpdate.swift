import Base
import Corpus
import Terminal

/// How events change the Corpus pane.
enum CorpusUpdate {
  typealias Effect = CorpusPane.Effect
  typealias State = CorpusPane.State

  static func handle(_ event: Event<CorpusPane.Message>, _ state: inout State) -> [Effect] {
    switch event {
    case .resized(let size):
      state.size = size
      if !state.boxes.contains(state.focus) { state.focus = state.boxes[0] }
      placeSelections(&state)
      rewrap(&state)
    case .key(let key): return handle(key, &state)
    case .paste(let text): state.query?.paste(text)
    case .message(let message): return handle(message, &state)
    case .interrupted, .closing: break
    }
    return []
  }

  /// What the pane now wants to see and has not asked for.
  static func wanted(_ state: inout State) -> [Effect] {
    guard let chosen = state.chosen else { return [] }
    if state.subsetsOf != chosen {
      state.subsetsOf = chosen
      return [.subsets(chosen)]
    }
    guard state.findings == nil, state.isShowable, let subset = state.subset else { return [] }
    let page = CorpusLayout(state).documentsPage
    let top = state.documentList.visibleTop(count: state.documentCount, page: page)
    guard
      let range = state.documents.missing(top..<top + page, count: state.documentCount)
    else { return [] }
    state.documents.awaited = range
    return [.documents(chosen, SubsetName(subset), range)]
  }

  // MARK: Messages

  private static func handle(_ message: CorpusPane.Message, _ state: inout State) -> [Effect] {
    switch message {
    case .versions(let rows):
      state.corpora = rows
      if !rows.contains(where: { $0.name == state.chosen }) {
        choose(rows.first(where: \.isLatest)?.name ?? rows.first?.name, &state)
      }
      placeSelections(&state)
    case .subsets(let name, let subsets):
      guard name == state.chosen else { break }
      let before = state.subset.map { SubsetName($0) }
      state.subsets = subsets
      let row = subsets.firstIndex { SubsetName($0) == before } ?? 0
      state.subsetList.select(row, count: subsets.count, page: CorpusLayout(state).subsetsPage)
      if state.subset.map({ SubsetName($0) }) != before { showSubset(&state) }
    case .documents(let name, let subset, let start, let rows):
      guard name == state.chosen, subset == state.subset.map({ SubsetName($0) }) else { break }
      state.documents.take(rows, from: start)
    case .found(let name, let query, let findings):
      guard name == state.chosen, state.isSearching, findings.query == query else { break }
      state.isSearching = false
      state.findings = findings
      state.documentList = ListState()
      close(&state)
      state.focus = .documents
    case .list(let name, let ids, let title):
      guard state.corpora?.contains(where: { $0.name == name }) == true else {
        return [.notice("The corpus \(name.reference) is not in this workspace.")]
      }
      if state.chosen != name { choose(name, &state) }
      placeSelections(&state)
      state.isSearching = true
      return [.list(name, ids, title: title)]
    case .document(let document):
      guard document.corpus == state.chosen, document.id == state.awaited else { break }
      state.awaited = nil
      state.document = document
      state.scroll = ScrollState()
      state.focus = .reader
      state.text = nil
      rewrap(&state)
    case .failed(let problem):
      state.isSearching = false
      state.documents.awaited = nil
      return [.notice(problem)]
    }
    return []
  }

  /// Wraps the open document for the reader; a text that may not be shown has no lines.
  private static func rewrap(_ state: inout State) {
    guard let document = state.document, let text = try? document.text.text(for: .show) else {
      state.text = nil
      state.found = []
      return
    }
    let layout = CorpusLayout(state)
    let columns = layout.readerColumns
    let isNew = state.text == nil
    let wrapped = state.text?.rewrapped(columns: columns) ?? WrappedText(text, columns: columns)
    state.text = wrapped
    state.found = FoundWords.places(of: state.findings?.words ?? [], in: wrapped.lines)
    // A document that was found opens where the word stands.
    if isNew, let first = state.found.first, first.line >= layout.readerPage {
      state.scroll.scroll(
        to: first.line - layout.readerPage / 3, count: wrapped.lines.count,
        page: layout.readerPage)
    }
  }

  private static func choose(_ name: CorpusRow.Name?, _ state: inout State) {
    guard name != state.chosen else { return }
    state.chosen = name
    state.subsets = []
    state.subsetsOf = nil
    state.subsetList = ListState()
    showSubset(&state)
  }

  private static func showSubset(_ state: inout State) {
    state.documents = DocumentPages()
    state.documentList = ListState()
    state.findings = nil
    state.isSearching = false
    close(&state)
  }

  private static func close(_ state: inout State) {
    state.awaited = nil
    state.document = nil
    state.text = nil
    if state.focus == .reader { state.focus = .documents }
  }

  private static func placeSelections(_ state: inout State) {
    let layout = CorpusLayout(state)
    let rows = state.corpora ?? []
    let row = rows.firstIndex { $0.name == state.chosen } ?? 0
    state.corpusList.select(row, count: rows.count, page: layout.corporaPage)
    state.subsetList.select(
      state.subsetList.selection, count: state.subsets.count, page: layout.subsetsPage)
    state.documentList.select(
      state.documentList.selection, count: state.documentCount, page: layout.documentsPage)
  }

  // MARK: Keys

  private static func handle(_ key: Key, _ state: inout State) -> [Effect] {
    if let effects = CorpusPane.act(on: key, &state) { return effects }
    if state.query != nil {
      _ = state.query?.handle(key)
      return []
    }
    if state.changeBox(by: key) {
      state.awaited = nil
      return []
    }
    move(key, &state)
    return []
  }

  private static func move(_ key: Key, _ state: inout State) {
    let layout = CorpusLayout(state)
    switch state.focus {
    case .corpora:
      let rows = state.corpora ?? []
      guard !rows.isEmpty,
        state.corpusList.handle(key, count: rows.count, page: layout.corporaPage)
      else { return }
      choose(rows[state.corpusList.selection].name, &state)
    case .subsets:
      let before = state.subsetList.selection
      guard
        state.subsetList.handle(key, count: state.subsets.count, page: layout.subsetsPage),
        state.subsetList.selection != before
      else { return }
      showSubset(&state)
    case .documents:
      guard
        state.documentList.handle(key, count: state.documentCount, page: layout.documentsPage)
      else { return }
      state.awaited = nil
    case .reader:
      let count = state.text?.lines.count ?? 0
      _ = state.scroll.handle(key, count: count, page: layout.readerPage)
    }
  }

  static func perform(_ command: CorpusPane.Command, _ state: inout State) -> [Effect] {
    switch command {
    case .search: state.query = TextInput(history: state.searchHistory)
    case .submit: return submit(&state)
    case .back: back(&state)
    case .open:
      switch state.focus {
      case .corpora: state.focus = .subsets
      case .subsets: state.focus = .documents
      case .documents, .reader: return read(&state)
      }
    case .next: return step(1, &state)
    case .previous: return step(-1, &state)
    }
    return []
  }

  private static func submit(_ state: inout State) -> [Effect] {
    guard let query = state.query?.text, let chosen = state.chosen else { return [] }
    state.query = nil
    if state.searchHistory.last != query { state.searchHistory.append(query) }
    state.isSearching = true
    return [.search(chosen, query)]
  }

  private static func back(_ state: inout State) {
    if state.query != nil {
      state.query = nil
    } else if state.focus == .reader {
      close(&state)
    } else {
      state.findings = nil
      state.documentList = ListState()
      close(&state)
    }
  }

  private static func step(_ offset: Int, _ state: inout State) -> [Effect] {
    state.documentList.select(
      state.documentList.selection + offset, count: state.documentCount,
      page: CorpusLayout(state).documentsPage)
    return read(&state)
  }

  private static func read(_ state: inout State) -> [Effect] {
    guard let chosen = state.chosen, let id = state.chosenDocument else { return [] }
    state.awaited = id
    return [.read(chosen, id)]
  }
}
