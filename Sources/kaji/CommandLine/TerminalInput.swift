import Glibc

/// Lines that a person types while something else goes on.
enum TerminalInput {
  enum Found: Equatable {
    case line(String)
    /// Nothing yet.
    case nothing
    /// No more will come.
    case ended
  }

  /// The next line of the terminal, if one comes in time and this process is the one that it is meant for.
  static func line(within seconds: Double) -> Found {
    var entry = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&entry, 1, CInt(seconds * 1000)) > 0 else { return .nothing }
    guard entry.revents & Int16(POLLIN) != 0 else { return .ended }
    // Reading from the background would stop the process.
    guard tcgetpgrp(0) == getpgrp() else {
      usleep(useconds_t(seconds * 1e6))
      return .nothing
    }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = unsafe read(0, &bytes, bytes.count)
    if count < 0, errno == EINTR { return .nothing }
    return count > 0 ? .line(String(decoding: bytes[..<count], as: UTF8.self)) : .ended
  }
}
