import Glibc

/// A file that a user named to take the output of a command.
///
/// An ordinary file appears whole, by a rename, or stays as it was. What is no file, as a device or a pipe, is
/// written to directly: a rename would put a file in its place.
public final class OutputFile {
  private let path: Path
  /// Where the bytes go until ``finish()``; the path itself for what is no file.
  private let target: Path
  private var descriptor: CInt
  private var pending: [UInt8] = []

  private static let pieceSize = 1 << 18

  /// Opens the file; a link is followed.
  ///
  /// - Throws: ``Failure`` naming the path, if it is a folder or cannot be written.
  public init(_ path: Path) throws(Failure) {
    guard !Files.isDirectory(path) else { throw systemFailure("write", path, code: EISDIR) }
    self.path = OutputFile.followed(path)
    let isFile = !Files.exists(path) || OutputFile.isOrdinary(path)
    target = isFile ? Temporary.path(for: self.path) : self.path
    let flags = isFile ? O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC : O_WRONLY | O_CLOEXEC
    descriptor = unsafe open(target.string, flags, 0o666)
    guard descriptor >= 0 else { throw systemFailure("write", path) }
  }

  /// Standard output in the place of a file.
  public init(standardOutput: Void) throws(Failure) {
    path = "standard output"
    target = path
    descriptor = dup(1)
    guard descriptor >= 0 else { throw systemFailure("write", path) }
  }

  /// Adds bytes.
  ///
  /// - Throws: ``Failure``, "No space left on device" included.
  public func append(_ bytes: [UInt8]) throws(Failure) {
    pending += bytes
    if pending.count >= OutputFile.pieceSize { try flush() }
  }

  /// Writes what is left and gives the file its name.
  public func finish() throws {
    try flush()
    if target != path, fsync(descriptor) != 0 { throw systemFailure("bring to disk", path) }
    close()
    if target != path { try Files.rename(target, to: path) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close()
    // Not finished: what was written is of no use.
    if target != path { try? Files.remove(target) }
  }

  private func flush() throws(Failure) {
    let code = writeAll(pending, to: descriptor)
    guard code == 0 else { throw systemFailure("write", path, code: code) }
    pending.removeAll(keepingCapacity: true)
  }

  private func close() {
    _ = Glibc.close(descriptor)
    descriptor = -1
  }

  /// The path behind all links; the path itself for what is not there.
  private static func followed(_ path: Path) -> Path {
    guard let name = unsafe realpath(path.string, nil) else { return path }
    defer { unsafe free(name) }
    return Path(unsafe String(cString: name))
  }

  /// Whether the path, with links followed, is an ordinary file.
  private static func isOrdinary(_ path: Path) -> Bool {
    var info = stat()
    return unsafe stat(path.string, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
  }
}
