import Base
import Glibc

/// A file that exists already and is written in place, as those of /proc and /dev are.
final class StandingFile {
  private let descriptor: CInt

  init(_ path: Path) throws {
    descriptor = unsafe open(path.string, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Failure("cannot open \(path)", remedy: "Check its permissions.")
    }
  }

  deinit { close(descriptor) }

  func write(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count
  }
}
