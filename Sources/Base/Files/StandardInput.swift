import Glibc

/// Standard input, line by line as it comes.
public struct StandardInput {
  private var buffer: [UInt8] = []
  private var ended = false

  public init() {}

  /// The next line without its `\n`, `nil` after the last.
  ///
  /// - Throws: ``Failure`` if it cannot be read.
  public mutating func nextLine() throws(Failure) -> [UInt8]? {
    var searched = 0
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(buffer[..<end])
        buffer.removeFirst(end + 1)
        return line
      }
      searched = buffer.count
      if ended {
        guard !buffer.isEmpty else { return nil }
        defer { buffer = [] }
        return buffer
      }
      try fill()
    }
  }

  /// Some bytes more, as they come, `nil` after the last.
  ///
  /// - Throws: ``Failure`` if it cannot be read.
  public mutating func nextPiece() throws(Failure) -> [UInt8]? {
    while buffer.isEmpty {
      if ended { return nil }
      try fill()
    }
    defer { buffer = [] }
    return buffer
  }

  /// Waits until there is something to read or the end has come; `false` if neither does in time.
  public func isReady(within seconds: Double) -> Bool {
    if !buffer.isEmpty || ended { return true }
    var entry = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, CInt(seconds * 1000)) > 0
  }

  /// All that is left.
  public mutating func rest() throws(Failure) -> [UInt8] {
    while !ended { try fill() }
    defer { buffer = [] }
    return buffer
  }

  private mutating func fill() throws(Failure) {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe piece.withUnsafeMutableBytes { unsafe read(0, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { return }
    guard count >= 0 else { throw systemFailure("read", Path("standard input")) }
    if count == 0 { ended = true }
    buffer += piece[..<count]
  }
}
