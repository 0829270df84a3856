import Base
import Corpus
import Lab
import Synchronization

/// What the Corpus pane asks of the world: statistics, lists, searches, documents.
final class CorpusWorld: Sendable {
  private let workspace: Workspace
  private let outbox: Outbox
  private let turnstile = Turnstile()
  private let desk = Mutex(Desk())

  private struct Desk {
    /// The versions that were opened; they never change.
    var versions: [CorpusRow.Name: CorpusVersion] = [:]
    /// The version whose statistics are on the screen.
    var shown: CorpusRow.Name?
    /// With which tokenizers it was tokenised when its statistics were posted.
    var tokenizations = Latest<[String]>()
    var problem = Latest<String>()
  }

  /// Documents that a search lists.
  static let mostHits = 500
  /// Characters of a text that a list shows.
  private static let excerptLength = 120

  init(workspace: Workspace, outbox: Outbox) {
    self.workspace = workspace
    self.outbox = outbox
  }

  func perform(_ effect: CorpusPane.Effect) {
    if case .notice = effect { return }
    turnstile.enqueue { [self] in
      do { try answer(effect) } catch {
        outbox.post(.corpus(.failed(oneLine(error))), replacing: "corpus failure")
      }
    }
  }

  /// Counts tokens again once a version has been tokenised.
  func refresh() {
    turnstile.enqueueOnce { [self] in
      guard let name = desk.withLock({ $0.shown }) else { return }
      do { try postStatistics(name) } catch {
        // Once, not each second.
        if desk.withLock({ $0.problem.changes(to: oneLine(error)) }) { outbox.tell(error) }
      }
    }
  }

  private func answer(_ effect: CorpusPane.Effect) throws {
    switch effect {
    case .subsets(let name):
      desk.withLock { desk in
        desk.shown = name
        desk.tokenizations = Latest()
      }
      try postStatistics(name)
    case .documents(let name, let subset, let range):
      let rows = try documents(version(name), subset, range).map(row)
      outbox.post(
        .corpus(.documents(name, subset, from: range.lowerBound, rows)), replacing: "documents")
    case .search(let name, let query):
      let found = try version(name).search(query, limit: Self.mostHits)
      let hits = found.hits.map { hit in
        DocumentRow(
          id: hit.doc, subset: hit.subset, excerpt: LevelledText(hit.snippet, level: hit.level))
      }
      let findings = Findings(
        query: query, words: found.words, hits: hits, total: found.total, withheld: found.withheld)
      outbox.post(.corpus(.found(name, query: query, findings)), replacing: "found")
    case .list(let name, let ids, let title):
      let version = try version(name)
      let rows = ids.prefix(Self.mostHits).compactMap { try? version.document($0) }.map(row)
      // As a search: what may not be shown is counted, not listed.
      let shown = rows.filter { $0.level.allows(.show) }
      let findings = Findings(
        query: title, hits: shown, total: shown.count, withheld: rows.count - shown.count)
      outbox.post(.corpus(.found(name, query: title, findings)), replacing: "found")
    case .read(let name, let id):
      let document = try version(name).document(id)
      let meta = (try? document.meta(for: .show)) ?? .object(JSONObject())
      outbox.post(
        .corpus(
          .document(
            OpenDocument(
              corpus: name, id: id, subset: document.subset, language: document.language,
              text: document.text, meta: Self.line(meta)))), replacing: "document")
    case .notice: break
    }
  }

  private func version(_ name: CorpusRow.Name) throws -> CorpusVersion {
    if let version = desk.withLock({ $0.versions[name] }) { return version }
    let version = try CorpusVersion(name.reference, workspace: workspace.root)
    desk.withLock { $0.versions[name] = version }
    return version
  }

  private func postStatistics(_ name: CorpusRow.Name) throws {
    let version = try version(name)
    let tokenizations = try version.tokenizations()
    guard desk.withLock({ $0.tokenizations.changes(to: tokenizations) }) else { return }
    let subsets = try version.statistics(tokenizer: tokenizations.last)
    outbox.post(.corpus(.subsets(name, subsets)), replacing: "subsets")
  }

  /// A stretch of a subset's documents, which may lie in several files.
  private func documents(
    _ version: CorpusVersion, _ subset: SubsetName, _ range: Range<Int>
  ) throws -> [Document] {
    var found: [Document] = []
    var start = 0
    for file in version.manifest.files
    where (file.subset, file.language, file.level) == (subset.name, subset.language, subset.level) {
      let part = range.clamped(to: start..<start + file.documents)
      if !part.isEmpty {
        found += try version.documents(
          file: file.number, part.lowerBound - start..<part.upperBound - start)
      }
      start += file.documents
    }
    return found
  }

  private func row(_ document: Document) -> DocumentRow {
    let text = (try? document.text.text(for: .show)) ?? ""
    return DocumentRow(
      id: document.id, subset: document.subset,
      excerpt: LevelledText(String(text.prefix(Self.excerptLength)), level: document.level),
      characters: document.text.characters)
  }

  /// The fields of a record as `key value, key value`.
  private static func line(_ meta: JSON) -> String {
    (meta.object ?? JSONObject()).map { key, value in
      "\(key) \(value.string ?? value.text())"
    }.joined(separator: ", ")
  }
}
