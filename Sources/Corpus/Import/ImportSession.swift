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
    default: try takeLines(source, label)
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
