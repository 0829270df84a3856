import Base
import Formats

extension ForeignRun {
  /// Whether a name is that of a TensorBoard file.
  static func isTensorBoard(_ name: String) -> Bool { name.contains("tfevents") }

  /// Reads TensorBoard files, oldest first; what is being written, and what is damaged, ends its file only.
  ///
  /// - Throws: `Failure` if none holds a number.
  static func tensorBoard(_ files: [Path]) throws -> ForeignRun {
    var run = ForeignRun(tool: "TensorBoard")
    for file in files.sorted(by: { $0.name < $1.name }) {
      var reader = try TensorBoardReader(file)
      while let event = try? reader.next() {
        guard !event.scalars.isEmpty, event.step >= 0 else { continue }
        run.add(
          Row(
            step: event.step,
            values: event.scalars.map { (name: name($0.tag), value: Double($0.value)) },
            time: event.wallTime))
      }
    }
    guard !run.rows.isEmpty else {
      throw Failure(
        "the TensorBoard files hold no numbers",
        remedy: "Name the folder of one run, as with tensorboard --logdir.")
    }
    return run
  }
}
