public import Base

/// One message of a conversation.
///
/// Messages form a tree: an answer that was asked for again, or an edited question, has the same parent as
/// its elder sibling.
public struct ChatMessage: Equatable, Sendable {
  /// From 1 within the conversation.
  public let id: Int
  /// The message it follows; `nil` for the first.
  public let parent: Int?
  /// "system", "user" or "assistant".
  public let role: String
  public let content: String
  /// When, as ISO 8601 in UTC.
  public let time: String
  /// With what an answer was made: model, weights' hash, step, sampling, seed, rates.
  public let details: JSON
}

/// A conversation with a model.
public struct Conversation: Equatable, Sendable {
  /// The name of its file without `.jsonl`.
  public internal(set) var id: String
  public var title: String
  /// What people call the model it was begun with.
  public var model: String
  public let created: String
  public private(set) var messages: [ChatMessage]
  /// Lines of its file that hold no message, or one whose number another has.
  public private(set) var damagedLines = 0
  /// What the file looked like when it was last read or written.
  var stored: FileStatus?

  /// Takes note that the file holds all that is here.
  mutating func noteStored(_ status: FileStatus) {
    stored = status
    damagedLines = 0
  }

  /// Begins a conversation.
  public init(model: String, title: String = "") {
    let now = Timestamp.now()
    let process = ProcessIdentity.current
    let stamp = Format.pad(Int(now.seconds * 1000), 15)
    id = "\(stamp)-\(process.host)-\(process.pid)"
    self.title = title
    self.model = model
    created = now.iso8601
    messages = []
  }

  /// Adds a message.
  ///
  /// - Parameter parent: what it follows; without it the newest message.
  /// - Returns: its id.
  @discardableResult
  public mutating func append(
    role: String, _ content: String, after parent: Int? = nil, details: JSON = .null
  ) -> Int {
    add(role, content, after: parent ?? messages.last?.id, details)
  }

  private mutating func add(
    _ role: String, _ content: String, after parent: Int?, _ details: JSON
  ) -> Int {
    let id = (messages.lazy.map(\.id).max() ?? 0) + 1
    messages.append(
      ChatMessage(
        id: id, parent: parent, role: role, content: content, time: Timestamp.now().iso8601,
        details: details))
    return id
  }

  /// Adds a message in the place of the newest, as its younger sibling.
  ///
  /// - Returns: its id.
  @discardableResult
  public mutating func appendSibling(role: String, _ content: String) -> Int {
    add(role, content, after: messages.last?.parent, .null)
  }

  /// The messages that lead to the one of `id`, oldest first; to the newest without an id.
  public func thread(to id: Int? = nil) -> [ChatMessage] {
    var path: [ChatMessage] = []
    var next = id ?? messages.last?.id
    while let current = next, let message = messages.first(where: { $0.id == current }) {
      path.append(message)
      // A parent is always older, so this ends even for a damaged file.
      next = message.parent.flatMap { $0 < message.id ? $0 : nil }
    }
    return path.reversed()
  }

  // MARK: The file

  /// Above every message's number.
  private static let greatestID = 1 << 53

  var text: String {
    let head = JSON.object([
      ("type", "conversation"), ("title", JSON(title)), ("model", JSON(model)),
      ("created", JSON(created)),
    ])
    let lines = messages.map { message in
      JSON.object([
        ("type", "message"), ("id", JSON(message.id)), ("parent", .optional(message.parent)),
        ("role", JSON(message.role)), ("content", JSON(message.content)),
        ("time", JSON(message.time)), ("details", message.details),
      ])
    }
    return ([head] + lines).map { $0.text() + "\n" }.joined()
  }

  /// Reads the text of a file; `nil` if it is no conversation.
  init?(id: String, _ text: String) {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n")).map { try? JSON.parse(Array($0)) }
    guard let first = lines.first, let head = first, head["type"]?.string == "conversation" else {
      return nil
    }
    self.id = id
    title = head["title"]?.string ?? ""
    model = head["model"]?.string ?? ""
    created = head["created"]?.string ?? ""
    var taken = Set<Int>()
    messages = lines.dropFirst().compactMap { line in
      guard let line, let number = line["id"]?.int, (1..<Self.greatestID).contains(number),
        let role = line["role"]?.string, let content = line["content"]?.string,
        taken.insert(number).inserted
      else { return nil }
      return ChatMessage(
        id: number, parent: line["parent"]?.int, role: role, content: content,
        time: line["time"]?.string ?? "", details: line["details"] ?? .null)
    }
    damagedLines = lines.count - 1 - messages.count
  }
}
