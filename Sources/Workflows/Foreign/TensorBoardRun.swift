import Base
import Formats

/// The TensorBoard files of a run, oldest first; what is being written, and what is damaged, ends its file only.
struct TensorBoardRun: ForeignSource {
  let tool = "TensorBoard"
  let totalSteps: Int? = nil

  /// One file, or the folder of several.
  private let path: Path
  private var marks: [String: ReadMark] = [:]
  private var hasRows = false

  init(_ path: Path) { self.path = path }

  /// Whether a name is that of a TensorBoard file.
  static func isFile(_ name: String) -> Bool { name.contains("tfevents") }

  mutating func readOn() throws -> [ForeignRun.Row] {
    var rows: [ForeignRun.Row] = []
    for file in try files() { rows += try readOn(file) }
    hasRows = hasRows || !rows.isEmpty
    guard hasRows else {
      throw Failure(
        "the TensorBoard files hold no numbers",
        remedy: "Name the folder of one run, as with tensorboard --logdir.")
    }
    return rows
  }

  private func files() throws -> [Path] {
    guard Files.isDirectory(path) else { return [path] }
    return try Files.list(path).filter(Self.isFile).sorted().map { path / $0 }
  }

  private mutating func readOn(_ file: Path) throws -> [ForeignRun.Row] {
    var mark = marks[file.name] ?? ReadMark()
    try mark.check(file)
    var reader = try TensorBoardReader(file, at: mark.offset)
    // One that is compressed is not being written: once is enough.
    if reader.nextOffset == nil, marks[file.name] != nil { return [] }
    var rows: [ForeignRun.Row] = []
    while let event = try? reader.next() {
      let scalars = event.scalars.filter { !Self.countsOtherwise($0.tag) }
      guard !scalars.isEmpty, event.step >= 0 else { continue }
      rows.append(
        ForeignRun.Row(
          step: event.step,
          values: scalars.map { (name: ForeignSources.name($0.tag), value: Double($0.value)) },
          time: event.wallTime))
    }
    if let offset = reader.nextOffset { try mark.move(to: offset, in: file) }
    marks[file.name] = mark
    return rows
  }

  /// Whether what a curve calls its steps are none: Megatron-LM writes curves over the iterations and again over these.
  private static func countsOtherwise(_ tag: String) -> Bool {
    [" vs samples", " vs tokens", " vs gigaflos"].contains { tag.hasSuffix($0) }
  }
}
