public import Base
public import Corpus
import Lab

extension CorpusWorkflow {
  /// Writes the documents of a version that may be distributed into a file, as JSON lines.
  ///
  /// - Throws: `Failure` if the file cannot be written; then it is as it was.
  public static func export(_ version: CorpusVersion, to file: OutputFile) throws -> ExportReport {
    let report = try version.export { try file.append($0) }
    try file.finish()
    return report
  }
}
