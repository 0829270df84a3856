import Base

/// Writes the documents of a new version, a file for each subset, language and level.
final class CorpusWriter {
  private struct Group: Hashable {
    let subset: String
    let language: String
    let level: ReleaseLevel
  }

  private struct OpenFile {
    let number: Int
    var writer: DocumentFileWriter
  }

  private(set) var manifest: CorpusManifest
  private let staged: StagedVersion
  private var open: [Group: OpenFile] = [:]
  private var nextNumber = 1

  /// Bytes at which a file of documents ends.
  static let fileLimit = 255 << 20

  init(_ staged: StagedVersion, manifest: CorpusManifest) {
    self.staged = staged
    self.manifest = manifest
  }

  var folder: Path { staged.folder }

  /// Takes over a version's documents as they are: its files are linked, not copied.
  func adopt(_ parent: CorpusVersion) throws {
    for file in parent.manifest.files {
      let path = parent.folder / file.file
      for path in [path, DocumentFile.indexPath(path)] {
        try Files.linkOrCopy(path, to: folder / path.name)
      }
      nextNumber = max(nextNumber, file.number + 1)
    }
    manifest.files = parent.manifest.files
    manifest.subsets = parent.manifest.subsets
    manifest.sources = parent.manifest.sources
  }

  /// Adds a document; of level LZ only its counts.
  func append(_ text: LevelledText, line: [UInt8], subset: String, language: String) throws {
    manifest.count(text, subset: subset, language: language)
    guard text.level != .LZ else { return }
    let group = Group(subset: subset, language: language, level: text.level)
    if open[group] == nil {
      let path = folder / "documents-\(Format.pad(nextNumber, 5)).jsonl.zst"
      open[group] = OpenFile(number: nextNumber, writer: try DocumentFileWriter(creating: path))
      nextNumber += 1
    }
    try open[group]?.writer.append(line)
    if let file = open[group], file.writer.compressedCount >= CorpusWriter.fileLimit {
      try close(file, group)
    }
  }

  func note(_ source: CorpusManifest.Source) { manifest.sources.append(source) }

  /// Counts documents whose text is not there, as those of level LZ of a parent version.
  func adoptCounts(_ subset: CorpusManifest.Subset) { manifest.subsets.append(subset) }

  /// Ends all files, and writes the manifest and the search index: then the version can appear.
  func finish(_ cancellation: CancellationFlag?) throws {
    for (group, file) in open.sorted(by: { $0.value.number < $1.value.number }) {
      try close(file, group)
    }
    manifest.files.sort { $0.number < $1.number }
    try manifest.write(to: folder / "corpus.yaml")
    try SearchIndex.build(for: CorpusVersion(folder), cancellation)
  }

  private func close(_ file: OpenFile, _ group: Group) throws {
    try file.writer.finish()
    open[group] = nil
    manifest.files.append(
      CorpusManifest.File(
        number: file.number, file: file.writer.path.name, subset: group.subset,
        language: group.language, level: group.level, documents: file.writer.count,
        bytes: try Files.size(file.writer.path), sha256: try SHA256.hex(ofFile: file.writer.path)))
  }
}
