import Glibc
import Synchronization

/// A file that this process makes and only ever extends.
public final class AppendFile: Sendable {
  public let path: Path
  /// The descriptor, −1 once closed.
  private let descriptor: Mutex<CInt>

  /// Makes the file; one that exists already is an error.
  ///
  /// - Throws: ``Failure`` naming the path.
  public init(creating path: Path) throws(Failure) {
    let descriptor = unsafe open(
      path.string, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw systemFailure("make", path) }
    self.path = path
    self.descriptor = Mutex(descriptor)
  }

  deinit { close() }

  /// Adds `bytes` at the end.
  ///
  /// - Throws: ``Failure``, "No space left on device" included. A part may have been written.
  public func append(_ bytes: [UInt8]) throws(Failure) {
    let code = descriptor.withLock { writeAll(bytes, to: $0) }
    if code != 0 { throw systemFailure("write", path, code: code) }
  }

  /// Brings what was written to the disk.
  public func sync() throws(Failure) {
    let code = descriptor.withLock { fdatasync($0) == 0 ? 0 : errno }
    if code != 0, code != EINVAL { throw systemFailure("bring to disk", path, code: code) }
  }

  /// Closes the file; more calls do nothing.
  public func close() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 { _ = Glibc.close(descriptor) }
      descriptor = -1
    }
  }
}
