import Glibc

/// A file mapped into memory, read-only.
///
/// `@unchecked Sendable`: the mapping never changes after `init`, and only `deinit` releases it.
@safe public final class MappedFile: @unchecked Sendable {
  public let path: Path
  /// Bytes.
  public let count: Int
  private let base: UnsafeMutableRawPointer?

  /// Maps `path` whole.
  ///
  /// - Throws: ``Failure`` if it cannot be opened or mapped.
  public init(_ path: Path) throws(Failure) {
    let descriptor = unsafe open(path.string, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemFailure("open", path) }
    defer { close(descriptor) }
    let status = try FileStatus(path)
    guard !status.isDirectory else { throw systemFailure("read", path, code: EISDIR) }
    self.path = path
    count = status.size
    guard count > 0 else {
      unsafe base = nil
      return
    }
    let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      throw systemFailure("map", path)
    }
    unsafe base = address
  }

  deinit { if let base = unsafe base { unsafe munmap(base, count) } }

  /// The bytes of the file, for as long as this object is held.
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    get {
      let span = unsafe RawSpan(
        _unsafeStart: base ?? UnsafeMutableRawPointer(bitPattern: 64)!, byteCount: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }
}
