public import Base
import Formats

/// Brings files from outside into a corpus, as a new version of it.
public struct CorpusImport: Sendable {
  /// What an import did.
  public struct Report: Sendable {
    public let version: CorpusVersion
    /// Documents added.
    public var documents = 0
    /// Lines skipped, and those of which something was replaced: `file:line: reason`.
    public var warnings: [String] = []
    public var malformed = 0
    public var repaired = 0
    /// Files that this corpus holds already, left out.
    public var known: [Path] = []
    /// Whether nothing new came, so that `version` is the one that was there.
    public var isUnchanged = false
  }

  /// The most warnings that a report carries; `quarantine.jsonl` in the version names all lines.
  public static let warningLimit = 1000

  public let store: VersionStore
  public let name: String
  /// The number of the experiment, which becomes the version's.
  public let number: Int
  public let sources: [ImportSource]
  /// What is prefixed to source names in the manifest is cut at this folder, if they lie in it.
  public var base: Path?
  public var progress: any ProgressReporter = SilentProgress()
  public var cancellation: CancellationFlag?

  public init(
    _ name: String, number: Int, sources: [ImportSource], into store: VersionStore
  ) {
    self.name = name
    self.number = number
    self.sources = sources
    self.store = store
  }

  /// Makes version `number` out of the latest version, if there is one, and the sources.
  ///
  /// Sources whose content the corpus holds already, with the same subset, language and level, are
  /// left out; if none remains nothing is made. A bad line costs that line only. If anything else goes
  /// wrong the corpus stays as it was. Several imports at once into one corpus lose none of their documents.
  ///
  /// - Throws: ``Failure``: a file that is missing, unreadable, damaged or cut short, a full disk; ``Stopped``.
  public func run() throws -> Report {
    if let report = try earlier() { return report }
    let hashes = try sources.map { try SHA256.hex(ofFile: $0.path) }
    while true {
      let parent = try store.newest(of: name).map {
        try CorpusVersion(store.path(of: name, version: $0))
      }
      // Of two imports at once the later one to end begins again, on top of what the other made.
      if let report = try extend(parent, hashes) { return report }
    }
  }

  /// Makes the version out of `parent` and the sources; `nil` if another version has appeared meanwhile.
  private func extend(_ parent: CorpusVersion?, _ hashes: [String]) throws -> Report? {
    var seen = Set((parent?.manifest.sources ?? []).map(Identity.init))
    var fresh: [(source: ImportSource, sha256: String)] = []
    var known: [Path] = []
    for (source, hash) in zip(sources, hashes) {
      if seen.insert(Identity(source, hash)).inserted {
        fresh.append((source, hash))
      } else {
        known.append(source.path)
      }
    }
    if let parent, fresh.isEmpty {
      var report = Report(version: parent)
      report.known = known
      report.isUnchanged = true
      return report
    }
    let total = try fresh.reduce(0) { try $0 + Files.size($1.source.path) }
    let staged = try store.begin(name, version: number)
    do {
      // Documents are compressed again; the search index takes several times the text.
      try Files.requireFree(
        6 * total + (16 << 20), at: staged.folder, for: "importing \(Format.bytes(total))")
      return try write(fresh, known, parent, staged, total)
    } catch {
      staged.abandon()
      throw error
    }
  }

  /// The report of the same work done before, as after an interruption.
  private func earlier() throws -> Report? {
    guard let folder = try store.completed(name, version: number) else { return nil }
    let version = try CorpusVersion(folder)
    guard version.manifest.operation == "import" else { return nil }
    let parent = try version.manifest.parent.map {
      try CorpusManifest(store.path(of: name, version: $0) / "corpus.yaml")
    }
    func added(_ count: (CorpusManifest.Source) -> Int) -> Int {
      version.manifest.sources.dropFirst(parent?.sources.count ?? 0).reduce(0) { $0 + count($1) }
    }
    var report = Report(version: version)
    report.documents = added(\.documents)
    report.malformed = added(\.malformed)
    report.repaired = added(\.repaired)
    return report
  }

  private func write(
    _ fresh: [(source: ImportSource, sha256: String)], _ known: [Path], _ parent: CorpusVersion?,
    _ staged: StagedVersion, _ total: Int
  ) throws -> Report? {
    let manifest = CorpusManifest(
      name: name, version: number, parent: parent?.version, operation: "import")
    let writer = CorpusWriter(staged, manifest: manifest)
    if let parent { try writer.adopt(parent) }
    var session = ImportSession(
      writer: writer, quarantine: try Quarantine(in: staged.folder, after: parent),
      progress: progress, cancellation: cancellation, total: total)
    for (source, hash) in fresh {
      try session.take(source, sha256: hash, label: label(source))
    }
    try session.quarantine.finish()
    try writer.finish(cancellation)
    guard try staged.commit(succeeding: parent?.version) else {
      staged.abandon()
      return nil
    }
    var report = Report(version: try CorpusVersion(staged.target))
    report.documents = session.documents
    report.warnings = session.quarantine.warnings
    report.malformed = session.quarantine.malformed
    report.repaired = session.quarantine.repaired
    report.known = known
    return report
  }

  private func label(_ source: ImportSource) -> String {
    source.label ?? base.flatMap { source.path.relative(to: $0) } ?? source.path.string
  }

  /// What makes two sources the same.
  private struct Identity: Hashable {
    let sha256, subset, language: String
    let level: ReleaseLevel

    init(_ source: ImportSource, _ sha256: String) {
      self.sha256 = sha256
      (subset, language, level) = (source.subset, source.language, source.level)
    }

    init(_ source: CorpusManifest.Source) {
      sha256 = source.sha256
      (subset, language, level) = (source.subset, source.language, source.level)
    }
  }
}
