import Base
import Formats

/// The offline file of a W&B run; what is being written, and what is damaged, ends it.
struct WandbRun: ForeignSource {
  let tool = "W&B"
  let totalSteps: Int? = nil
  private(set) var exitStatus: Int?

  private let file: Path
  private var mark = ReadMark()
  private var hasRows = false

  init(_ file: Path) { self.file = file }

  /// Whether a name is that of such a file.
  static func isFile(_ name: String) -> Bool { name.hasSuffix(".wandb") }

  mutating func readOn() throws -> [ForeignRun.Row] {
    try mark.check(file)
    var reader = try WandbReader(file, at: mark.offset)
    var rows: [ForeignRun.Row] = []
    while let row = try? reader.next() {
      rows.append(
        ForeignRun.Row(
          step: row.step,
          values: row.values.map { (name: ForeignSources.name($0.name), value: $0.value) },
          time: row.time))
    }
    exitStatus = reader.exitStatus ?? exitStatus
    try mark.move(to: reader.nextOffset, in: file)
    hasRows = hasRows || !rows.isEmpty
    guard hasRows else {
      throw Failure(
        "\(file) holds no numbers yet", remedy: "Name the run-….wandb of a run that has logged.")
    }
    return rows
  }
}
