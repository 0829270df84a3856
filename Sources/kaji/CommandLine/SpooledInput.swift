import Base
import Formats

/// Standard input as a file, for work that must read it more than once. The file goes when this does.
final class SpooledInput {
  /// What messages call it.
  static let name = "standard input"

  private let cancellation: CancellationFlag
  private var folder: Path?

  /// - Parameter cancellation: raised to end the reading early.
  init(_ cancellation: CancellationFlag) { self.cancellation = cancellation }

  deinit { if let folder { try? Files.remove(folder) } }

  /// Reads standard input to its end into a file.
  ///
  /// - Throws: `Failure` if it cannot be read, there is no room for it, or a line of it never ends; `Stopped`.
  func file() throws -> Path {
    let folder = try Files.temporaryDirectory(prefix: "kaji-input")
    self.folder = folder
    let path = folder / "input"
    let file = try AppendFile(creating: path)
    var input = StandardInput()
    var sinceNewline = 0
    while true {
      try cancellation.check("the import")
      guard input.isReady(within: 0.1) else { continue }
      guard let piece = try input.nextPiece() else { break }
      if let newline = piece.lastIndex(of: UInt8(ascii: "\n")) {
        sinceNewline = piece.count - newline - 1
      } else {
        sinceNewline += piece.count
      }
      // A device as /dev/zero would fill the disk with one line.
      guard sinceNewline <= JSONLinesReader.lineLimit else {
        throw Failure(
          "\(Self.name): a line of more than \(Format.bytes(JSONLinesReader.lineLimit))",
          remedy: "Give one document a line, as JSON.")
      }
      try file.append(piece)
    }
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
