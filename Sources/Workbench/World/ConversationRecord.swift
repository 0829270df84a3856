import Base
import Lab

/// The stored side of one question and its answer.
struct ConversationRecord {
  private let request: ChatRequest
  private let chats: Chats?
  private var conversation: Conversation?

  /// - Parameter workspace: where it is stored; nothing is without one, or in one of somebody else's.
  init(_ request: ChatRequest, in workspace: Workspace?) {
    self.request = request
    chats = workspace.flatMap { $0.isWritable ? Chats($0) : nil }
  }

  /// Stores the question, so that it is not lost with the answer.
  mutating func begin() throws {
    guard let chats, let question = request.turns.last else { return }
    var conversation =
      try request.conversation.map { try chats.read($0) }
      ?? Conversation(model: request.model, title: Self.title(question.text))
    if conversation.messages.isEmpty, !request.settings.system.isEmpty {
      conversation.append(role: "system", request.settings.system)
    }
    conversation.append(role: question.speaker.rawValue, question.text)
    try chats.save(&conversation)
    self.conversation = conversation
  }

  /// Stores the answer; `end` with the conversation's name, or why it could not be stored.
  func end(_ end: ChatEnd, _ seed: UInt64) -> ChatEnd {
    guard let chats, var conversation else { return end }
    var end = end
    let settings = request.settings
    conversation.append(
      role: "assistant", end.text,
      details: .object([
        ("model", JSON(request.model)), ("tokens", JSON(end.tokens)),
        ("tokens_per_second", JSON(end.tokensPerSecond)), ("reason", JSON(end.reason.rawValue)),
        ("temperature", JSON(Double(settings.temperature) / 100)),
        ("top_p", JSON(Double(settings.topP) / 100)), ("max_tokens", JSON(settings.maxTokens)),
        ("seed", JSON(Int(clamping: seed))), ("continues_text", JSON(settings.continuesText)),
        ("system", JSON(settings.system)),
      ]))
    do {
      try chats.save(&conversation)
      end.conversation = conversation.id
    } catch {
      end.problem = "The answer could not be stored: \(oneLine(error))"
    }
    return end
  }

  /// The beginning of the first question, on one line.
  private static func title(_ text: String) -> String {
    String(text.prefix(40).map { $0.isNewline ? " " : $0 })
  }
}
