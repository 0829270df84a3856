import Base
import Synchronization

/// The folder in which shards are written before it gets its name: of two that tokenise the same version neither
/// disturbs the other, and what a dead process left can be told.
struct Draft {
  /// `.NAME@v0003.HOST.PID.START.COUNT.tmp`
  let name: String
  let writer: ProcessIdentity

  /// Keeps the drafts of one process apart.
  private static let counter = Atomic<Int>(0)

  /// A draft of this process for the shards of a tokenizer.
  init(_ tokenizer: String) {
    writer = .current
    let count = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    name = ".\(tokenizer).\(writer.host).\(writer.pid).\(writer.startTime).\(count).tmp"
  }

  /// The draft of that folder name; `nil` if it is no draft's.
  init?(named name: String) {
    let parts = name.split(separator: ".").suffix(5).map(String.init)
    guard name.hasPrefix("."), name.hasSuffix(".tmp"), parts.count == 5, let pid = Int(parts[1]),
      let start = Int(parts[2])
    else { return nil }
    self.name = name
    // No host gives a number with the same start twice, whatever the boot.
    writer = ProcessIdentity(
      host: parts[0], bootID: ProcessIdentity.current.bootID, pid: pid, startTime: start)
  }
}
