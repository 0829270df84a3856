import Base

/// The conversations of a workspace, one file each.
public struct Chats: Sendable {
  private let workspace: Workspace

  public init(_ workspace: Workspace) { self.workspace = workspace }

  /// All conversations, newest first; files that are none are passed over.
  public func list() throws -> [Conversation] {
    guard Files.isDirectory(workspace.chats) else { return [] }
    return try Files.list(workspace.chats)
      .filter(Self.isChat)
      .compactMap { try? read(String($0.dropLast(6))) }
      .sorted { ($0.created, $0.id) > ($1.created, $1.id) }
  }

  /// Whether a file of the folder is a conversation's.
  static func isChat(_ name: String) -> Bool { name.hasSuffix(".jsonl") && !name.hasPrefix(".") }

  /// Reads one conversation.
  ///
  /// - Throws: ``Failure`` if there is none of this id.
  public func read(_ id: String) throws -> Conversation {
    let path = workspace.chats / "\(id).jsonl"
    let status = try FileStatus(path)
    guard var conversation = Conversation(id: id, try Files.readText(path, limit: 1 << 28)) else {
      throw Failure("\(path) holds no conversation", remedy: "Name one that the chat pane lists.")
    }
    conversation.stored = status
    return conversation
  }

  /// Writes a conversation whole.
  ///
  /// If another process has written the file since it was read, or if the file has lines that could not be read,
  /// this one goes on under a new id, so that no message is lost.
  public func save(_ conversation: inout Conversation) throws {
    try workspace.requireWritable()
    try Files.makeDirectory(workspace.chats)
    let base = conversation.id
    if conversation.damagedLines == 0, try write(&conversation) { return }
    for count in 2... {
      conversation.id = "\(base)-\(count)"
      conversation.stored = nil
      if try write(&conversation) { return }
    }
  }

  /// Writes a conversation under its id; `false` if the file there is not the one it was read from.
  private func write(_ conversation: inout Conversation) throws -> Bool {
    let path = workspace.chats / "\(conversation.id).jsonl"
    while true {
      let lock = try ChangeLock(on: path)
      if Files.exists(path), try FileStatus(path) != conversation.stored { return false }
      // A process that stood still for long has lost the lock, but the file may still be as it was.
      guard lock.isHeld else { continue }
      try Files.write(conversation.text, to: path)
      conversation.noteStored(try FileStatus(path))
      return true
    }
  }

  /// Removes a conversation.
  public func remove(_ id: String) throws {
    try workspace.requireWritable()
    try Files.remove(workspace.chats / "\(id).jsonl")
  }
}
