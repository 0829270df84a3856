import Base
import Formats

/// The lines of an import that were skipped or mended. It never holds text of a document.
struct Quarantine {
  static let fileName = "quarantine.jsonl"

  private(set) var warnings: [String] = []
  private(set) var malformed = 0
  private(set) var repaired = 0
  private let path: Path
  private var file: LineWriter?

  /// - Parameters:
  ///   - folder: the version that is being made; its list appears when there is something to list.
  ///   - parent: the version that it is made from, whose list it takes over.
  init(in folder: Path, after parent: CorpusVersion?) throws {
    path = folder / Quarantine.fileName
    let earlier = parent.map { $0.folder / Quarantine.fileName }
    guard let earlier, Files.exists(earlier) else { return }
    var writer = try LineWriter(creating: path)
    try writer.append(contentsOf: earlier)
    file = writer
  }

  mutating func skipped(_ file: String, line: Int?, reason: String) throws {
    malformed += 1
    try note(file, line, "skipped", reason)
  }

  mutating func repaired(_ file: String, line: Int?, _ repair: LineRepair) throws {
    repaired += 1
    try note(file, line, "repaired", repair.rawValue)
  }

  private mutating func note(
    _ name: String, _ line: Int?, _ action: String, _ reason: String
  ) throws {
    if file == nil { file = try LineWriter(creating: path) }
    try file?.append([
      "file": .string(name), "line": line.map { JSON($0) } ?? .null, "action": .string(action),
      "reason": .string(reason),
    ])
    guard warnings.count < CorpusImport.warningLimit else { return }
    let place = line.map { "\(name):\($0)" } ?? name
    warnings.append(Sanitiser.visible("\(place): \(action): \(reason)"))
  }

  /// Brings the list to the disk.
  mutating func finish() throws { try file?.finish() }
}
