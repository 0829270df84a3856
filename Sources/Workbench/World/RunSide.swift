import Base
import Formats
import Lab
import Workflows

/// What stands in the place of a run's events: its log, the machine, its configuration.
final class RunSide: Sendable {
  private let workspace: Workspace
  private let gauge = SystemGauge()

  /// Bytes at the end of a log that are shown, and lines of them.
  private static let logBytes = 1 << 16
  private static let logLines = 400

  init(_ workspace: Workspace) { self.workspace = workspace }

  func lines(_ query: RunQuery) -> [String] {
    do {
      let folder = try Experiments(workspace).folder(of: query.number)
      return switch query.side {
      case .events: []
      case .log: try log(folder)
      case .system: system(folder)
      case .configuration: try configuration(folder, query)
      }
    } catch { return [oneLine(error)] }
  }

  private func log(_ folder: ExperimentFolder) throws -> [String] {
    let logs = (try? Files.list(folder.logs)) ?? []
    let newest = try logs.map { folder.logs / $0 }.max {
      try Files.status($0).modified < Files.status($1).modified
    }
    guard let newest else { return ["This run writes no log: it runs in a terminal of its own."] }
    let bytes = try Self.end(of: newest)
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    return ["\(workspace.relative(newest)):"] + lines.suffix(Self.logLines).map(String.init)
  }

  /// The end of a file, from the first whole line on.
  private static func end(of file: Path) throws -> [UInt8] {
    let begin = max(0, try Files.size(file) - logBytes)
    var reader = try FileReader(file, at: begin)
    var bytes: [UInt8] = []
    try reader.read(into: &bytes, upTo: logBytes)
    guard begin > 0, let newline = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return bytes }
    return Array(bytes[(newline + 1)...])
  }

  private func system(_ folder: ExperimentFolder) -> [String] {
    var lines = gauge.lines()
    if let free = try? Files.freeBytes(at: folder.path) {
      lines.append("disk     \(Format.bytes(free)) free at the workspace")
    }
    if let owner = try? OwnerRecord.read(folder.owner) {
      lines.append("run      \(owner.description)")
      if owner.process.host != ProcessIdentity.hostName {
        lines.append("         the figures above are of this host, \(ProcessIdentity.hostName)")
      }
    }
    return lines
  }

  private func configuration(_ folder: ExperimentFolder, _ query: RunQuery) throws -> [String] {
    let own = try YAML.read(folder.config).root
    guard let other = query.overlays.first else {
      return YAML.text(own).split(separator: "\n").map(String.init)
    }
    let theirs = try YAML.read(Experiments(workspace).folder(of: other.number).config).root
    let differences = ConfigurationDifference.between(own, theirs)
    guard !differences.isEmpty else { return ["The two configurations are the same."] }
    return differences.map { difference in
      "\(difference.key): \(difference.a?.text() ?? "-")   \(other.letter): \(difference.b?.text() ?? "-")"
    }
  }
}
