import Glibc

/// Reads a file piece by piece.
public struct FileReader: ~Copyable {
  private let path: Path
  private let descriptor: CInt

  /// Opens `path` at `offset` bytes from its start.
  ///
  /// - Throws: ``Failure`` if it cannot be opened, or is a folder.
  public init(_ path: Path, at offset: Int = 0) throws(Failure) {
    guard !Files.isDirectory(path) else { throw systemFailure("read", path, code: EISDIR) }
    let descriptor = unsafe open(path.string, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemFailure("open", path) }
    if offset > 0, lseek(descriptor, offset, SEEK_SET) < 0 {
      let failure = systemFailure("read", path)
      close(descriptor)
      throw failure
    }
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Adds up to `count` bytes to `bytes`.
  ///
  /// - Returns: how many were added; 0 at the end of the file.
  @discardableResult
  public mutating func read(into bytes: inout [UInt8], upTo count: Int) throws(Failure) -> Int {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: count))
    while true {
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress! + start, count)
      }
      if got < 0, errno == EINTR { continue }
      bytes.removeLast(count - max(0, got))
      if got < 0 { throw systemFailure("read", path) }
      return got
    }
  }
}
