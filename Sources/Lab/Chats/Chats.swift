import Base

/// The conversations of a workspace, one file each.
public struct Chats: Sendable {
  private let workspace: Workspace

  public init(_ workspace: Workspace) { self.workspace = workspace }

  /// All conversations, newest first; files that are none are passed over.
  public func list() throws -> [Conversation] {
    guard Files.isDirectory(workspace.chats) else { return [] }
    return try Files.list(workspace.chats)
      .filter { $0.hasSuffix(".jsonl") && !$0.hasPrefix(".") }
      .compactMap { try? read(String($0.dropLast(6))) }
      .sorted { ($0.created, $0.id) > ($1.created, $1.id) }
  }

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
  /// If another process has written the file since it was read, this one goes on under a new id, so that no
  /// message is lost.
  public func save(_ conversation: inout Conversation) throws {
    try workspace.requireWritable()
    var path = workspace.chats / "\(conversation.id).jsonl"
    var count = 1
    let base = conversation.id
    while Files.exists(path), try FileStatus(path) != conversation.stored {
      count += 1
      conversation.id = "\(base)-\(count)"
      path = workspace.chats / "\(conversation.id).jsonl"
      conversation.stored = nil
    }
    try Files.write(conversation.text, to: path)
    conversation.stored = try FileStatus(path)
  }

  /// Removes a conversation.
  public func remove(_ id: String) throws {
    try workspace.requireWritable()
    try Files.remove(workspace.chats / "\(id).jsonl")
  }
}
