import Generation
import Tokenizers

/// What a model is given to answer: the conversation as ids, as much of it as there is room for.
struct ChatPrompt {
  let ids: [Int32]
  /// Messages at the beginning that were left out.
  private(set) var forgotten = 0

  /// - Parameter messages: those of both sides, the question last.
  /// - Throws: `Failure` if the chat template cannot be applied.
  init(
    _ messages: [ChatSession.Message], _ settings: ChatSession.Settings,
    for model: any LanguageModel
  ) throws {
    // Half of the context at least is for the prompt, however long the answer may get.
    let context = model.contextLength
    let room = max(1, context - min(settings.options.maxTokens, context / 2))
    guard !settings.continuesText else {
      ids = Self.end(of: messages, room, model.tokenizer)
      return
    }
    var rest = messages[...]
    var ids = try Self.encode(rest, settings.system, model.tokenizer)
    while ids.count > room, rest.count > 1 {
      // A question goes with its answer.
      let gone = min(2, rest.count - 1)
      rest = rest.dropFirst(gone)
      forgotten += gone
      ids = try Self.encode(rest, settings.system, model.tokenizer)
    }
    self.ids = ids
  }

  /// The words of all messages as one text, of which the model sees the end.
  private static func end(
    of messages: [ChatSession.Message], _ room: Int, _ tokenizer: Tokenizer
  ) -> [Int32] {
    let text = messages.map(\.content).joined()
    let all = tokenizer.encode(text, addSpecial: false, parseSpecial: false)
    return tokenizer.prefixIDs + all.suffix(max(1, room - tokenizer.prefixIDs.count))
  }

  private static func encode(
    _ messages: ArraySlice<ChatSession.Message>, _ system: String, _ tokenizer: Tokenizer
  ) throws -> [Int32] {
    let head = system.isEmpty ? [] : [ChatMessage(role: "system", content: system)]
    let all = head + messages.map { ChatMessage(role: $0.role, content: $0.content) }
    return try tokenizer.encodeChat(all, addGenerationPrompt: true)
  }
}
