import Base
import Corpus
import Workflows

extension Commands {
  static let corpusExport = Command(
    "corpus export", "NAME[@VERSION]", "writes what may be distributed, as JSON lines",
    options: [.value("--to", "FILE", "the file")], count: 1...1
  ) { invocation in
    let version = try openCorpus(invocation)
    let report = try CorpusWorkflow.export(version, to: try invocation.output())
    if invocation.json {
      Output.json(["written": JSON(report.written), "withheld": JSON(report.withheld)])
    } else {
      invocation.remark(
        "\(Format.count(report.written)) documents written, "
          + "\(Format.count(report.withheld)) withheld")
    }
    return .done
  }
}
