public import Base

/// Removes documents whose text occurs twice, to the byte.
///
/// Of equal texts one survives, by a rule that no order of work can change:
/// - A text held out for tests (LX) is never trained on: its copies of L1 to L3 are removed.
/// - Of copies of L1 to L3 the one of the most open level stays.
/// - Within a level the first in order stays: by file, then by place.
///
/// Of level LZ no text is kept, so nothing is compared.
public struct ExactDeduplication: Sendable {
  /// What a deduplication did.
  public struct Report: Sendable {
    public let version: CorpusVersion
    public var kept = 0
    /// Documents removed, by subset.
    public var removed: [String: Int] = [:]
    /// Whether this very version had been made before.
    public var isUnchanged = false
  }

  public let store: VersionStore
  public let parent: CorpusVersion
  /// The number of the experiment, which becomes the version's.
  public let number: Int
  public var progress: any ProgressReporter = SilentProgress()
  public var cancellation: CancellationFlag?

  public init(_ parent: CorpusVersion, number: Int, in store: VersionStore) {
    self.parent = parent
    self.number = number
    self.store = store
  }

  /// Makes version `number` out of the parent without its duplicates.
  ///
  /// `removed.jsonl` in the new version names each document removed and the one that stayed for it.
  /// - Throws: ``Failure``, or ``Stopped``; the corpus stays as it was.
  public func run() throws -> Report {
    if let report = try earlier() { return report }
    // Of an older version the user wants what it held; of the latest everything the corpus holds.
    let isOfLatest = try store.newest(of: parent.name) == parent.version
    let survivors = try findSurvivors()
    let staged = try store.begin(parent.name, version: number)
    do {
      let size = parent.manifest.files.reduce(0) { $0 + $1.bytes }
      try Files.requireFree(
        8 * size + (16 << 20), at: staged.folder, for: "deduplicating \(Format.bytes(size))")
      let removed = try write(survivors, staged)
      if !isOfLatest {
        try staged.commit()
      } else if try !staged.commit(succeeding: parent.version) {
        throw Failure(
          "\(parent.name) was imported into while its \(versionName(parent.version)) was deduplicated",
          remedy: "Deduplicate it again.")
      }
      var report = Report(version: try CorpusVersion(staged.target))
      report.kept = report.version.manifest.documents
      report.removed = removed
      return report
    } catch {
      staged.abandon()
      throw error
    }
  }

  /// The report of the same work done before, as after an interruption.
  private func earlier() throws -> Report? {
    guard let folder = try store.completed(parent.name, version: number) else { return nil }
    let version = try CorpusVersion(folder)
    guard version.manifest.operation == "dedup", version.manifest.parent == parent.version else {
      return nil
    }
    var report = Report(version: version)
    report.kept = version.manifest.documents
    for subset in parent.manifest.subsets {
      let same = version.manifest.subsets.first {
        ($0.name, $0.language, $0.level) == (subset.name, subset.language, subset.level)
      }
      let gone = subset.documents - (same?.documents ?? 0)
      if gone > 0 { report.removed[subset.name, default: 0] += gone }
    }
    report.isUnchanged = true
    return report
  }

  /// For each text the document that stays.
  private func findSurvivors() throws -> [Digest: Candidate] {
    var survivors: [Digest: Candidate] = [:]
    var done = 0
    try parent.forEachDocument { document in
      let candidate = Candidate(document)
      let digest = try Digest(document)
      if let rival = survivors[digest] {
        if candidate < rival { survivors[digest] = candidate }
      } else {
        survivors[digest] = candidate
      }
      done += 1
      if done % 256 == 0 { try tick(done, "comparing") }
    }
    return survivors
  }

  /// Writes the documents that stay; tells how many of each subset do not.
  private func write(
    _ survivors: [Digest: Candidate], _ staged: StagedVersion
  ) throws -> [String: Int] {
    let writer = CorpusWriter(
      staged,
      manifest: CorpusManifest(
        name: parent.name, version: number, parent: parent.version, operation: "dedup"))
    var removed: [String: Int] = [:]
    var list = try LineWriter(creating: staged.folder / "removed.jsonl")
    var done = 0
    try parent.forEachDocument { document in
      done += 1
      if done % 256 == 0 { try tick(done, "writing") }
      let survivor = survivors[try Digest(document)]
      if let survivor, survivor.id != document.id {
        removed[document.subset, default: 0] += 1
        try list.append([
          "doc": .string(document.id.description), "stays": .string(survivor.id.description),
        ])
        return
      }
      try writer.append(
        document.text, line: parent.line(file: document.id.file, ordinal: document.id.ordinal),
        subset: document.subset, language: document.language)
    }
    for subset in parent.manifest.subsets where subset.level == .LZ { writer.adoptCounts(subset) }
    parent.manifest.sources.forEach(writer.note)
    try list.finish()
    var quarantine = try Quarantine(in: staged.folder, after: parent)
    try quarantine.finish()
    try writer.finish(cancellation)
    return removed
  }

  private func tick(_ done: Int, _ what: String) throws {
    try cancellation?.check("the deduplication")
    progress.update(
      ProgressState(
        stage: "deduplicating", done: done,
        total: parent.manifest.files.reduce(0) { $0 + $1.documents }, unit: "documents",
        note: what))
  }
}

/// Half of a text's SHA-256: with 2^32 texts two share one by chance once in 2^65 corpora.
private struct Digest: Hashable {
  private let high: UInt64
  private let low: UInt64

  init(_ document: Document) throws {
    let purpose: Purpose = document.level.allows(.train) ? .train : .test
    var hash = SHA256()
    hash.update(Array(try document.text.text(for: purpose).utf8))
    let bytes = hash.finalize()
    high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// A document that may stay; the smaller one does.
private struct Candidate: Comparable {
  let id: DocumentID
  private let rank: Int

  init(_ document: Document) {
    id = document.id
    rank =
      switch document.level {
      case .LX: 0
      case .L1: 1
      case .L2: 2
      case .L3: 3
      case .LZ: 4
      }
  }

  static func < (a: Candidate, b: Candidate) -> Bool { (a.rank, a.id) < (b.rank, b.id) }
}
