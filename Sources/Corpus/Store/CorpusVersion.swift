public import Base
import Synchronization

/// One immutable version of a corpus, open for reading.
public final class CorpusVersion: Sendable {
  public let folder: Path
  public let manifest: CorpusManifest
  private let entries: [Int: CorpusManifest.File]
  private let open = Mutex<[Int: DocumentFile]>([:])

  public var name: String { manifest.name }
  public var version: Int { manifest.version }

  /// Opens the folder of a version.
  ///
  /// - Throws: ``Failure`` if its `corpus.yaml` cannot be read.
  public init(_ folder: Path) throws {
    self.folder = folder
    let manifest = try CorpusManifest(folder / "corpus.yaml")
    self.manifest = manifest
    entries = Dictionary(manifest.files.map { ($0.number, $0) }) { first, _ in first }
  }

  /// Opens `NAME`, `NAME@latest` or `NAME@v0003` of a workspace.
  public convenience init(_ reference: String, workspace: Path) throws {
    try self.init(VersionStore.corpora(of: workspace).resolve(reference).folder)
  }

  /// One document.
  ///
  /// - Throws: ``Failure`` if this version has no such document.
  public func document(_ id: DocumentID) throws -> Document {
    guard id.version == version else {
      throw Failure(
        "\(id) is of another version than \(name) \(versionName(version))",
        remedy: "Search again: ids belong to one version.")
    }
    return try document(file: id.file, ordinal: id.ordinal)
  }

  /// The documents of a file, from `range`'s lower bound on; fewer where the file ends.
  public func documents(file number: Int, _ range: Range<Int>) throws -> [Document] {
    let count = try entry(number).documents
    return try range.clamped(to: 0..<count).map { try document(file: number, ordinal: $0) }
  }

  /// Calls `body` with each document of the files that `wanted` chooses, in order.
  public func forEachDocument(
    in wanted: (CorpusManifest.File) -> Bool = { _ in true }, _ body: (Document) throws -> Void
  ) throws {
    for file in manifest.files where wanted(file) {
      for ordinal in 0..<file.documents {
        try body(document(file: file.number, ordinal: ordinal))
      }
    }
  }

  /// The stored line of a document, for the making of another version.
  func line(file number: Int, ordinal: Int) throws -> [UInt8] {
    let record = try contents(of: entry(number)).record(ordinal)
    return Array(record.text().utf8) + [UInt8(ascii: "\n")]
  }

  private func document(file number: Int, ordinal: Int) throws -> Document {
    let entry = try entry(number)
    let record = try contents(of: entry).record(ordinal)
    return Document(
      id: DocumentID(version: version, file: number, ordinal: ordinal), subset: entry.subset,
      language: entry.language,
      text: LevelledText(record["text"]?.string ?? "", level: entry.level),
      metadata: record["meta"] ?? .object(JSONObject()))
  }

  private func entry(_ number: Int) throws(Failure) -> CorpusManifest.File {
    guard let entry = entries[number] else {
      throw Failure(
        "\(name) \(versionName(version)) has no file \(number)",
        remedy: "Use an id as `kaji corpus search` prints it.")
    }
    return entry
  }

  private func contents(of entry: CorpusManifest.File) throws -> DocumentFile {
    if let file = open.withLock({ $0[entry.number] }) { return file }
    let file = try DocumentFile(folder / entry.file)
    guard file.count == entry.documents else {
      throw Failure(
        "\(folder / entry.file) holds \(file.count) documents, corpus.yaml says \(entry.documents)",
        remedy: "Import the corpus again.")
    }
    open.withLock { $0[entry.number] = file }
    return file
  }
}
