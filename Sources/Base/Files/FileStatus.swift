import Glibc

/// What the file system says of a file.
public struct FileStatus: Equatable, Sendable {
  /// Bytes.
  public let size: Int
  /// Time of the last change, in nanoseconds since 1970; one beyond 64 bits (the year 2262) is the last there is.
  public let modified: Int
  public let inode: UInt64
  public let isDirectory: Bool
  /// Whether it is a plain file: no folder, device, pipe or socket.
  public let isRegular: Bool

  /// Asks the system about `path`.
  ///
  /// - Throws: ``Failure`` if there is no such file or it cannot be reached.
  public init(_ path: Path) throws(Failure) {
    var info = stat()
    guard unsafe stat(path.string, &info) == 0 else { throw systemFailure("look at", path) }
    size = Int(info.st_size)
    modified = info.st_mtim.tv_sec.multipliedClamping(by: 1_000_000_000)
      .addingClamping(info.st_mtim.tv_nsec)
    inode = UInt64(info.st_ino)
    isDirectory = info.st_mode & S_IFMT == S_IFDIR
    isRegular = info.st_mode & S_IFMT == S_IFREG
  }
}
