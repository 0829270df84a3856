import Base
import Corpus
import Terminal

/// The corpora of the workspace: their versions, subsets and documents.
///
/// Text is shown only where its level allows; the others have statistics.
enum CorpusPane: Pane {
  enum Message: Sendable {
    /// All versions of all corpora.
    case versions([CorpusRow])
    case subsets(CorpusRow.Name, [SubsetStatistics])
    /// Documents of a subset, from a place on.
    case documents(CorpusRow.Name, SubsetName, from: Int, [DocumentRow])
    case found(CorpusRow.Name, query: String, Findings)
    case document(OpenDocument)
    /// Another pane leads to these documents.
    case list(CorpusRow.Name, [DocumentID], title: String)
    /// Something could not be read.
    case failed(String)
  }

  enum Effect: PaneEffect, Equatable {
    case subsets(CorpusRow.Name)
    case documents(CorpusRow.Name, SubsetName, Range<Int>)
    case search(CorpusRow.Name, String)
    case read(CorpusRow.Name, DocumentID)
    case list(CorpusRow.Name, [DocumentID], title: String)
    case notice(String)
  }

  enum Command: Sendable, Equatable { case open, back, search, submit, next, previous }

  static func update(_ state: inout State, _ event: Event<Message>) -> [Effect] {
    let effects = CorpusUpdate.handle(event, &state)
    return effects + CorpusUpdate.wanted(&state)
  }

  static func view(_ state: State, _ surface: inout Surface) { CorpusView.draw(state, &surface) }

  static func actions(_ state: State) -> [KeyAction<Command>] { CorpusKeys.actions(state) }

  static func perform(_ command: Command, _ state: inout State) -> [Effect] {
    CorpusUpdate.perform(command, &state)
  }

  static func takesText(_ state: State) -> Bool { state.query != nil }
}
