import Base

/// Standard input as a file, for work that must read it more than once. The file goes when this does.
final class SpooledInput {
  /// What messages call it.
  static let name = "standard input"

  private var folder: Path?

  deinit { if let folder { try? Files.remove(folder) } }

  /// Reads standard input to its end into a file.
  ///
  /// - Throws: `Failure` if it cannot be read, or there is no room for it.
  func file() throws -> Path {
    let folder = try Files.temporaryDirectory(prefix: "kaji-input")
    self.folder = folder
    let path = folder / "input"
    let file = try AppendFile(creating: path)
    var input = StandardInput()
    while let piece = try input.nextPiece() { try file.append(piece) }
    file.close()
    return path
  }

  /// Calls `body`; a failure that tells of the file tells of standard input instead.
  func naming<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let failure as Failure {
      guard let folder else { throw failure }
      throw Failure(
        failure.problem.replacing((folder / "input").string, with: Self.name),
        remedy: failure.remedy)
    }
  }
}
