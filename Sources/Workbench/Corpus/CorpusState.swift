import Base
import Corpus
import Terminal

extension CorpusPane {
  struct State: PaneState {
    enum Box: Sendable { case corpora, subsets, documents, reader }

    var size = Size(width: 80, height: 22)
    var focus = Box.corpora
    /// `nil` until the workspace was read.
    var corpora: [CorpusRow]?
    var corpusList = ListState()
    /// The chosen version; kept when the list changes.
    var chosen: CorpusRow.Name?
    var subsets: [SubsetStatistics] = []
    /// Of which version `subsets` are, or are being read.
    var subsetsOf: CorpusRow.Name?
    var subsetList = ListState()
    var documents = DocumentPages()
    var documentList = ListState()
    /// What a search found, in place of the subset's documents.
    var findings: Findings?
    var isSearching = false
    /// The search line, while it is being written.
    var query: TextInput?
    var searchHistory: [String] = []
    /// What was asked for and has not come; `nil` once the user has moved on.
    var awaited: DocumentID?
    var document: OpenDocument?
    /// The lines of the document, wrapped for the reader.
    var text: WrappedText?
    var scroll = ScrollState()
    /// Where in its lines the words of the search stand.
    var found: [FoundWords.Place] = []

    /// The chosen subset.
    var subset: SubsetStatistics? {
      subsets.indices.contains(subsetList.selection) ? subsets[subsetList.selection] : nil
    }

    /// Whether the texts of the chosen subset may be shown.
    var isShowable: Bool { subset?.level.allows(.show) ?? false }

    /// Rows of the list of documents.
    var documentCount: Int {
      if let findings { return findings.hits.count }
      return isShowable ? subset?.documents ?? 0 : 0
    }

    /// The document that is chosen in the list, if it is known.
    var chosenDocument: DocumentID? {
      if let findings {
        let row = documentList.selection
        return findings.hits.indices.contains(row) ? findings.hits[row].id : nil
      }
      return isShowable ? documents[documentList.selection]?.id : nil
    }

    /// The boxes that are on the screen. A small one has either the lists or the reader.
    var boxes: [Box] {
      if size.isWide { return [.corpora, .subsets, .documents, .reader] }
      return document == nil ? [.corpora, .subsets, .documents] : [.documents, .reader]
    }
  }
}

/// A version of a corpus in the list.
struct CorpusRow: Sendable, Equatable {
  /// What names a version.
  struct Name: Hashable, Sendable {
    var corpus: String
    var version: Int

    /// As configurations name it: `NAME@v0003`.
    var reference: String { "\(corpus)@\(versionName(version))" }
  }

  var name: Name
  var isLatest: Bool
  var documents: Int
}

/// What tells a subset from the others of its version.
struct SubsetName: Hashable, Sendable {
  var name: String
  var language: String
  var level: ReleaseLevel

  init(_ statistics: SubsetStatistics) {
    name = statistics.name
    language = statistics.language
    level = statistics.level
  }
}

/// A document in a list. Its beginning comes out only if the level lets it be shown.
struct DocumentRow: Sendable {
  var id: DocumentID
  var subset: String
  /// The beginning of the text, or the surroundings of what was searched for.
  var excerpt: LevelledText
  /// Characters of the whole text; `nil` where only the excerpt is known.
  var characters: Int?

  var level: ReleaseLevel { excerpt.level }
  /// The excerpt on one line; why there is none, if its level forbids it.
  var line: String {
    guard let text = try? excerpt.text(for: .show) else { return Withholding.short(level) }
    return String(text.map { $0.isNewline ? " " : $0 })
  }
}

/// What a search found.
struct Findings: Sendable {
  var query: String
  /// The words of the query.
  var words: [String] = []
  var hits: [DocumentRow]
  /// All documents found, those beyond the list included.
  var total: Int
  /// Documents that no search may look at.
  var withheld: Int
}

/// A document in the reader.
struct OpenDocument: Sendable {
  var corpus: CorpusRow.Name
  var id: DocumentID
  var subset: String
  var language: String
  var text: LevelledText
  /// The other fields of its record, on one line; empty where the level covers them.
  var meta: String
}

/// The pages of a long list of documents that are in memory.
struct DocumentPages: Sendable {
  private(set) var start = 0
  private(set) var rows: [DocumentRow] = []
  /// What was asked for and has not come yet.
  var awaited: Range<Int>?

  subscript(place: Int) -> DocumentRow? {
    rows.indices.contains(place - start) ? rows[place - start] : nil
  }

  mutating func take(_ rows: [DocumentRow], from start: Int) {
    self.start = start
    self.rows = rows
    awaited = nil
  }

  /// What has to be read so that the places of `visible` are known; `nil` if they are, or will be.
  func missing(_ visible: Range<Int>, count: Int) -> Range<Int>? {
    let visible = visible.clamped(to: 0..<count)
    guard !visible.isEmpty, !(start..<start + rows.count).contains(visible) else { return nil }
    let wanted = max(0, visible.lowerBound - 50)..<min(count, visible.upperBound + 50)
    return wanted == awaited ? nil : wanted
  }
}

extension Range where Bound == Int {
  fileprivate func contains(_ other: Range<Int>) -> Bool {
    lowerBound <= other.lowerBound && upperBound >= other.upperBound
  }
}

/// Why a text is not shown.
enum Withholding {
  /// In a line of a list.
  static func short(_ level: ReleaseLevel) -> String { "(level \(level.rawValue): not shown)" }

  /// For a key that would show one.
  static func reason(_ level: ReleaseLevel) -> String {
    "Texts of level \(level.rawValue) are not shown; their statistics are."
  }

  /// In place of a list of documents.
  static func sentence(_ level: ReleaseLevel, documents: Int) -> String {
    let count = Format.counted(documents, "document")
    let reason =
      switch level {
      case .L1, .L2: "may be shown."
      case .L3: "may train models only: their text is neither searched nor shown."
      case .LX: "are held out for testing: their text is neither searched nor shown."
      case .LZ: "may not be used at all: only their number was kept, no text."
      }
    return "\(count) of level \(level.rawValue) \(reason)"
  }
}
