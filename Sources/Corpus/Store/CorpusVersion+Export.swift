import Base

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
}
