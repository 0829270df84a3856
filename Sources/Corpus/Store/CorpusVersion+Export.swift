public import Base

/// What an export gave away and what it kept back.
public struct ExportReport: Equatable, Sendable {
  public var written = 0
  /// Documents whose level forbids distribution.
  public var withheld = 0

  public init(written: Int = 0, withheld: Int = 0) {
    self.written = written
    self.withheld = withheld
  }
}

extension CorpusVersion {
  /// Hands the documents that may be distributed to `emit`, as JSON lines `{"text", "meta"}`.
  public func export(_ emit: ([UInt8]) throws -> Void) throws -> ExportReport {
    var report = ExportReport()
    try forEachDocument(in: { $0.level.allows(.distribute) }) { document in
      let line: JSON = [
        "text": .string(try document.text.text(for: .distribute)),
        "meta": try document.meta(for: .distribute),
      ]
      try emit(Array(line.text().utf8) + [UInt8(ascii: "\n")])
      report.written += 1
    }
    report.withheld = manifest.documents - report.written
    return report
  }

  /// Writes the documents that may be distributed into a file, as JSON lines.
  ///
  /// - Throws: ``Failure`` if the disk refuses; then the file is as it was.
  public func export(to path: Path) throws -> ExportReport {
    let size = manifest.subsets.filter { $0.level.allows(.distribute) }.reduce(0) { $0 + $1.bytes }
    try Files.requireFree(size + size / 4, at: path.absolute.parent, for: "the export")
    let temporary = path.parent / ".\(path.name).\(ProcessIdentity.current.pid).tmp"
    try? Files.remove(temporary)
    do {
      let file = try AppendFile(creating: temporary)
      var pending: [UInt8] = []
      let report = try export { line in
        pending += line
        guard pending.count >= 1 << 18 else { return }
        try file.append(pending)
        pending.removeAll(keepingCapacity: true)
      }
      try file.append(pending)
      try file.sync()
      file.close()
      try Files.rename(temporary, to: path)
      return report
    } catch {
      try? Files.remove(temporary)
      throw error
    }
  }
}
