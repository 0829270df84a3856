import Base
import Formats

/// Reads one source after another into a writer.
struct ImportSession {
  let writer: CorpusWriter
  let progress: any ProgressReporter
  let cancellation: CancellationFlag?
  /// Bytes of all sources.
  let total: Int
  var quarantine: Quarantine
  private(set) var documents = 0
  private var finished = 0

  init(
    writer: CorpusWriter, quarantine: Quarantine, progress: any ProgressReporter,
    cancellation: CancellationFlag?, total: Int
  ) {
    self.writer = writer
    self.quarantine = quarantine
    self.progress = progress
    self.cancellation = cancellation
    self.total = total
  }

  mutating func take(_ source: ImportSource, sha256: String, label: String) throws {
    let before = (documents, quarantine.malformed, quarantine.repaired)
    switch try source.resolvedFormat() {
    case .text: try takeText(source, label)
    case .auto, .jsonl: try takeLines(source, label)
    case .html: try takeDocuments(of: HTMLDocuments(source.path), source, label)
    case .warc: try takeDocuments(of: WARCDocuments(source.path), source, label)
    case .mediawiki: try takeDocuments(of: MediaWikiDocuments(source.path), source, label)
    case .csv: try takeDocuments(of: TableReader(source.path, style: .commas), source, label)
    case .tsv: try takeDocuments(of: TableReader(source.path, style: .tabs), source, label)
    case .parquet: try takeDocuments(of: ParquetDocuments(source.path), source, label)
    }
    finished += try Files.size(source.path)
    writer.note(
      CorpusManifest.Source(
        file: label, sha256: sha256, subset: source.subset, language: source.language,
        level: source.level, documents: documents - before.0,
        malformed: quarantine.malformed - before.1, repaired: quarantine.repaired - before.2))
  }

  private mutating func takeLines(_ source: ImportSource, _ label: String) throws {
    var reader = try JSONLinesReader(source.path)
    while let line = try reader.next() {
      if line.number % 256 == 1 { try tick(source, reader.consumed) }
      if let repair = line.repair { try quarantine.repaired(label, line: line.number, repair) }
      switch line.content {
      case .malformed(let reason):
        // The parser's reason may quote a key, which a withheld text must not show.
        let told = source.level.allows(.show) ? reason : "invalid JSON"
        try quarantine.skipped(label, line: line.number, reason: told)
      case .value(let value):
        do {
          let record = try Record(value, level: source.level)
          try writer.append(
            record.text, line: record.line, subset: source.subset, language: source.language)
          documents += 1
        } catch let error as UnusableRecord {
          try quarantine.skipped(label, line: line.number, reason: error.reason)
        }
      }
    }
  }

  private mutating func takeDocuments(
    of documents: some DocumentReader, _ source: ImportSource, _ label: String
  ) throws {
    var reader = documents
    while let document = try reader.next() {
      if document.number % 16 == 1 { try tick(source, reader.consumed) }
      if document.isRepaired {
        try quarantine.repaired(label, line: document.number, .invalidUTF8)
      }
      switch document.content {
      case .skipped(let reason):
        try quarantine.skipped(label, line: document.number, reason: reason)
      case .text(let text):
        do {
          let record = try Record(
            text, meta: JSONObject(distinct: document.fields), level: source.level)
          try writer.append(
            record.text, line: record.line, subset: source.subset, language: source.language)
          self.documents += 1
        } catch let error as UnusableRecord {
          try quarantine.skipped(label, line: document.number, reason: error.reason)
        }
      }
    }
  }

  private mutating func takeText(_ source: ImportSource, _ label: String) throws {
    try tick(source, 0)
    let content = try ContentReader(source.path)
    var bytes: [UInt8] = []
    while try content.read(into: &bytes) > 0 {
      guard bytes.count <= JSONLinesReader.lineLimit else {
        throw Failure(
          "\(source.path) has more than \(Format.bytes(JSONLinesReader.lineLimit)) for one document",
          remedy: "Cut it into documents, one JSON line each.")
      }
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    if String(validating: bytes, as: UTF8.self) == nil {
      try quarantine.repaired(label, line: nil, .invalidUTF8)
    }
    do {
      let record = try Record(
        String(decoding: bytes, as: UTF8.self),
        meta: JSONObject([("file", .string(source.label ?? source.path.name))]), level: source.level
      )
      try writer.append(
        record.text, line: record.line, subset: source.subset, language: source.language)
      documents += 1
    } catch let error as UnusableRecord {
      try quarantine.skipped(label, line: nil, reason: error.reason)
    }
  }

  private func tick(_ source: ImportSource, _ consumed: Int) throws {
    try cancellation?.check("the import")
    progress.update(
      ProgressState(
        stage: "importing", done: finished + consumed, total: total, unit: "bytes",
        note: "\(source.label ?? source.path.name), \(Format.count(documents)) documents"))
  }
}
