import Base
import Generation
import Lab

/// The stored side of one question and its answer.
struct ChatRecord {
  private let chats: Chats
  private var conversation: Conversation

  /// The name of the conversation.
  var id: String { conversation.id }

  /// Stores the question, so that it is not lost with the answer.
  ///
  /// One that stands there without an answer, because the model failed, is not stored a second time; another
  /// question takes its place, so that what leads to the answer has one turn of the user.
  init(
    _ question: String, to model: String, system: String, in chats: Chats, goingOn id: String?
  ) throws {
    self.chats = chats
    conversation =
      try id.map { try chats.read($0) } ?? Conversation(model: model, title: Self.title(question))
    if conversation.messages.isEmpty, !system.isEmpty {
      conversation.append(role: "system", system)
    }
    let last = conversation.messages.last
    if last?.role != "user" {
      conversation.append(role: "user", question)
    } else if last?.content != question {
      conversation.appendSibling(role: "user", question)
    }
    try chats.save(&conversation)
  }

  /// Stores the answer with all that is needed to have it again.
  mutating func add(
    _ answer: Generated, by model: String, _ options: GenerationOptions, continuesText: Bool,
    system: String
  ) throws {
    let sampling = options.sampling
    conversation.append(
      role: "assistant", answer.text,
      details: [
        "model": JSON(model), "tokens": JSON(answer.ids.count),
        "tokens_per_second": JSON(answer.tokensPerSecond),
        "stop_reason": JSON(answer.stopReason.rawValue),
        "temperature": JSON(Double(sampling.temperature)),
        "top_k": sampling.topK.map { JSON($0) } ?? .null, "top_p": Self.number(sampling.topP),
        "min_p": Self.number(sampling.minP),
        "repetition_penalty": JSON(Double(sampling.repetitionPenalty)),
        "max_tokens": JSON(options.maxTokens), "seed": JSON(Int(clamping: sampling.seed)),
        "continues_text": JSON(continuesText), "system": JSON(system),
      ])
    try chats.save(&conversation)
  }

  private static func number(_ value: Float?) -> JSON { value.map { JSON(Double($0)) } ?? .null }

  /// The beginning of the first question, on one line.
  private static func title(_ text: String) -> String {
    String(text.prefix(40).map { $0.isNewline ? " " : $0 })
  }
}
