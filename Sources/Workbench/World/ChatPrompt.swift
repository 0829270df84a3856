import Base
import Generation
import Tokenizers

/// What a model is given to answer: the conversation as ids, as much of it as there is room for.
struct ChatPrompt {
  var ids: [Int32]
  /// Turns from the beginning that were left out.
  var droppedTurns = 0

  /// - Throws: `Failure` if the chat template cannot be applied.
  init(_ request: ChatRequest, for model: any LanguageModel) throws {
    // Half of the context at least is for the prompt, however long the answer may get.
    let context = model.contextLength
    let room = max(1, context - min(request.settings.maxTokens, context / 2))
    if request.settings.continuesText {
      ids = Self.end(of: request.turns, room, model.tokenizer)
      return
    }
    var turns = request.turns[...]
    ids = try Self.encode(turns, request.settings.system, model.tokenizer)
    while ids.count > room, turns.count > 1 {
      droppedTurns += 1
      turns = turns.dropFirst()
      ids = try Self.encode(turns, request.settings.system, model.tokenizer)
    }
  }

  /// The words of all turns as one text, of which the model sees the end.
  private static func end(
    of turns: [ChatTurn], _ room: Int, _ tokenizer: Tokenizer
  ) -> [Int32] {
    let text = turns.map(\.text).joined()
    let all = tokenizer.encode(text, addSpecial: false, parseSpecial: false)
    return tokenizer.prefixIDs + all.suffix(max(1, room - tokenizer.prefixIDs.count))
  }

  private static func encode(
    _ turns: ArraySlice<ChatTurn>, _ system: String, _ tokenizer: Tokenizer
  ) throws -> [Int32] {
    let head = system.isEmpty ? [] : [ChatMessage(role: "system", content: system)]
    let messages =
      head + turns.map { ChatMessage(role: $0.speaker.rawValue, content: $0.text) }
    return try tokenizer.encodeChat(messages, addGenerationPrompt: true)
  }
}
