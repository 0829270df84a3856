import Base
import Lab
import Synchronization

/// What is typed in the chat and not sent, kept in `chats/drafts/` so that neither a lost terminal nor a lost
/// process takes it away.
///
/// Each workbench has a file of its own, named after its process; what one left behind that is no more is
/// taken over by the next. Writing follows typing by a second at most: ``write()`` is called that often.
final class Drafts: Sendable {
  private let folder: Path
  private let file: Path
  private let desk = Mutex(Desk())

  private struct Desk {
    var text = ""
    var written = ""
  }

  init(_ workspace: Workspace) {
    folder = workspace.chats / "drafts"
    file = folder / Self.fileName(of: .current)
  }

  private static func fileName(of process: ProcessIdentity) -> String {
    // Host names may hold any of these signs but the comma.
    "\(process.host),\(process.bootID),\(process.pid),\(process.startTime).txt"
  }

  /// Remembers what is to be written next; empty if nothing is to be kept.
  func keep(_ text: String) { desk.withLock { $0.text = text } }

  /// Writes what has changed since the last time, and removes a file that is not needed any more.
  func write() throws {
    try desk.withLock { desk in
      guard desk.text != desk.written else { return }
      if desk.text.isEmpty {
        try Files.remove(file)
      } else {
        try Files.makeDirectory(folder)
        try Files.write(desk.text, to: file)
      }
      desk.written = desk.text
    }
  }

  /// The drafts that processes of this host left which are no more; they are this process's from now on.
  func takeOver() -> String? {
    let left = ((try? Files.list(folder)) ?? []).filter { Self.isLeft($0) }
    let read = left.compactMap { name in
      (try? Files.readText(folder / name, limit: 1 << 24)).map { (name, text: $0) }
    }
    guard !read.isEmpty else { return nil }
    let text = read.map(\.text).joined(separator: "\n")
    keep(text)
    // On disk under the new name before the old ones go. Two that begin at once may both take them.
    if (try? write()) != nil { for (name, _) in read { try? Files.remove(folder / name) } }
    return text
  }

  private static func isLeft(_ name: String) -> Bool {
    let parts = name.dropLast(4).split(separator: ",", omittingEmptySubsequences: false)
    guard name.hasSuffix(".txt"), parts.count == 4, let pid = Int(parts[2]),
      let start = Int(parts[3])
    else { return false }
    let process = ProcessIdentity(
      host: String(parts[0]), bootID: String(parts[1]), pid: pid, startTime: start)
    return process.isAlive == false
  }
}
