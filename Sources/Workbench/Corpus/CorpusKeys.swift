import Base
import Corpus
import Terminal

/// Which keys of the Corpus pane work now, and why others do not.
enum CorpusKeys {
  typealias Action = KeyAction<CorpusPane.Command>

  static func actions(_ state: CorpusPane.State) -> [Action] {
    if let query = state.query {
      let empty =
        query.text.contains { !$0.isWhitespace } ? nil : "Type a word to search for."
      return [
        Action(.enter, "search", .submit, unless: empty), Action(.escape, "cancel", .back),
      ]
    }
    let noCorpus = state.chosen == nil ? "There is no corpus yet." : nil
    let search = Action(.character("/"), "search", .search, unless: noCorpus)
    switch state.focus {
    case .corpora:
      return [Action(.enter, "its subsets", .open, unless: noCorpus), search]
    case .subsets:
      return [
        Action(.enter, "documents", .open, unless: noCorpus ?? hidden(state)), search,
      ] + leaving(state)
    case .documents:
      return [Action(.enter, "read", .open, unless: unreadable(state)), search] + leaving(state)
    case .reader:
      let closed = state.document == nil ? "No document is open." : nil
      let place = state.documentList.selection
      let last = place + 1 < state.documentCount ? nil : "This is the last document."
      let first = place > 0 ? nil : "This is the first document."
      return [
        Action(.character("J"), "next", .next, unless: closed ?? last),
        Action(.character("K"), "previous", .previous, unless: closed ?? first), search,
        Action(.escape, "list", .back, unless: closed),
      ]
    }
  }

  private static func leaving(_ state: CorpusPane.State) -> [Action] {
    state.findings == nil ? [] : [Action(.escape, "end search", .back)]
  }

  private static func hidden(_ state: CorpusPane.State) -> String? {
    guard let subset = state.subset else { return "There is no subset to open." }
    return state.isShowable ? nil : Withholding.reason(subset.level)
  }

  private static func unreadable(_ state: CorpusPane.State) -> String? {
    if state.chosenDocument != nil { return nil }
    if state.findings == nil, !state.isShowable { return hidden(state) }
    return state.documentCount == 0 ? "There is no document to read." : "It is being read."
  }
}
