import Base

/// The folder in which one process writes shards, before it gets its name: of two that tokenise the same version
/// neither disturbs the other, and what a dead one left can be told.
struct Draft {
  let tokenizer: String
  let writer: ProcessIdentity

  init(_ tokenizer: String, by writer: ProcessIdentity) {
    self.tokenizer = tokenizer
    self.writer = writer
  }

  /// `.NAME@v0003.HOST.PID.START.tmp`
  var name: String {
    ".\(tokenizer).\(writer.host).\(writer.pid).\(writer.startTime).tmp"
  }

  /// The draft of that folder name; `nil` if it is no draft's.
  init?(_ name: String) {
    let parts = name.split(separator: ".")
    guard name.hasPrefix("."), name.hasSuffix(".tmp"), parts.count >= 5,
      let pid = Int(parts[parts.count - 3]), let start = Int(parts[parts.count - 2])
    else { return nil }
    tokenizer = parts[..<(parts.count - 4)].joined(separator: ".")
    // A number of a process with its start is not given twice on a host, whatever the boot.
    writer = ProcessIdentity(
      host: String(parts[parts.count - 4]), bootID: ProcessIdentity.current.bootID, pid: pid,
      startTime: start)
  }
}
