import Base
import Corpus
import Lab
import Workflows

extension Commands {
  static let corpusDedup = Command(
    "corpus dedup", "NAME[@VERSION]", "removes documents whose text occurs twice, as a new version",
    count: 1...1
  ) { invocation in
    let workspace = try invocation.workspace()
    let context = try invocation.context(workspace)
    let report = try Interruption.raising(context.cancellation) {
      try CorpusWorkflow.deduplicate(invocation.arguments[0], in: workspace, context)
    }
    let removed = report.removed.sorted { $0.key < $1.key }
    let version = versionName(report.version.version)
    if invocation.json {
      Output.json([
        "name": JSON(report.version.name), "version": JSON(version), "kept": JSON(report.kept),
        "removed": .object(removed.map { ($0.key, JSON($0.value)) }),
        "latest": JSON(report.isLatest),
        "folder": JSON(workspace.relative(report.version.folder)),
      ])
    } else {
      let sum = removed.reduce(0) { $0 + $1.value }
      Output.line(
        "\(report.version.name)@\(version): \(Format.count(report.kept)) documents kept, "
          + "\(Format.count(sum)) removed")
      if sum > 0 {
        Output.table(removed.map { ["  " + $0.key, Format.count($0.value)] })
      }
    }
    if !report.isLatest {
      invocation.remark(
        "kaji: note: \(report.version.name)@latest stays the version that it is: it holds more than was deduplicated"
      )
    }
    return .done
  }
}
