public import Base

/// Writes one file of scores: samples and results, a line each, as they come.
public final class ScoreWriter: Sendable {
  private let file: AppendFile

  /// Makes the file `NAME.jsonl`, or `NAME-2.jsonl` and so on if it is there already.
  ///
  /// - Parameter folder: the experiment's `scores/`.
  public init(_ folder: Path, name: String) throws {
    try Files.makeDirectory(folder)
    try Name.check(name, "scores file")
    var path = folder / "\(name).jsonl"
    var count = 1
    while Files.exists(path) {
      count += 1
      path = folder / "\(name)-\(count).jsonl"
    }
    file = try AppendFile(creating: path)
  }

  public var path: Path { file.path }

  /// Adds a result.
  public func append(_ row: ScoreRow) throws { try append(row.json) }

  /// Adds a sample.
  public func append(_ row: SampleRow) throws { try append(row.json) }

  private func append(_ json: JSON) throws { try file.append(Array((json.text() + "\n").utf8)) }

  /// Brings everything to the disk.
  public func finish() throws {
    try file.sync()
    file.close()
  }
}

/// The scores of one experiment.
public struct Scores: Sendable {
  private let folder: Path

  /// - Parameter folder: the experiment's `scores/`.
  public init(_ folder: Path) { self.folder = folder }

  /// The files, by name.
  public func files() throws -> [Path] {
    guard Files.isDirectory(folder) else { return [] }
    return try Files.list(folder).filter { $0.hasSuffix(".jsonl") && !$0.hasPrefix(".") }
      .map { folder / $0 }
  }

  /// All results in the order of their files.
  public func results() throws -> [ScoreRow] { try files().flatMap(Self.results(of:)) }

  /// The samples that `isWanted` chooses.
  public func samples(where isWanted: (SampleRow) -> Bool = { _ in true }) throws -> [SampleRow] {
    var found: [SampleRow] = []
    for file in try files() {
      try Self.lines(of: file) { json in
        if let row = SampleRow(json), isWanted(row) { found.append(row) }
      }
    }
    return found
  }

  /// The results in one file.
  static func results(of file: Path) throws -> [ScoreRow] {
    var found: [ScoreRow] = []
    try lines(of: file) { json in if let row = ScoreRow(json) { found.append(row) } }
    return found
  }

  /// Hands on each whole line; a torn one, as a killed evaluation leaves it, is passed over.
  private static func lines(of file: Path, _ take: (JSON) -> Void) throws {
    let bytes = try Files.read(file)
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      if let json = try? JSON.parse(Array(line)) { take(json) }
    }
  }
}
