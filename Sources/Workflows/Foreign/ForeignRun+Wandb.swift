import Base
import Formats

extension ForeignRun {
  /// Whether a name is that of an offline file of W&B.
  static func isWandb(_ name: String) -> Bool { name.hasSuffix(".wandb") }

  /// The file of W&B in the folder of an offline run.
  static func wandbFile(in folder: Path) throws -> Path? {
    try Files.list(folder).first(where: isWandb).map { folder / $0 }
  }

  /// Reads a W&B offline file; what is being written, and what is damaged, ends it.
  ///
  /// - Throws: `Failure` if it holds no number.
  static func wandb(_ file: Path) throws -> ForeignRun {
    var run = ForeignRun(tool: "W&B")
    var reader = try WandbReader(file)
    while let row = try? reader.next() {
      run.add(
        Row(
          step: row.step, values: row.values.map { (name: name($0.name), value: $0.value) },
          time: row.time))
    }
    run.exitStatus = reader.exitStatus
    guard !run.rows.isEmpty else {
      throw Failure(
        "\(file) holds no numbers yet", remedy: "Name the run-….wandb of a run that has logged.")
    }
    return run
  }
}
