import Base

/// A conversation in one line of a list.
public struct IndexedChat: Equatable, Sendable {
  public let id: String
  public let title: String
  /// What people call the model it was begun with.
  public let model: String
  /// When it was begun, as ISO 8601 in UTC.
  public let created: String
  /// How many messages its file holds, all branches counted.
  public let messages: Int

  init(_ chat: Conversation) {
    id = chat.id
    title = chat.title
    model = chat.model
    created = chat.created
    messages = chat.messages.count
  }

  var json: JSON {
    [
      "id": JSON(id), "title": JSON(title), "model": JSON(model), "created": JSON(created),
      "messages": JSON(messages),
    ]
  }

  init?(_ json: JSON) {
    guard let id = json["id"]?.string else { return nil }
    self.id = id
    title = json["title"]?.string ?? ""
    model = json["model"]?.string ?? ""
    created = json["created"]?.string ?? ""
    messages = json["messages"]?.int ?? 0
  }
}
