import Base

extension Tokenizer {
  /// A conversation's ids, and which of them the assistant said.
  public struct Conversation: Equatable, Sendable {
    public var ids: [Int32]
    /// Whether each id belongs to a response, the end token after it included: what tuning learns.
    public var isResponse: [Bool]
  }

  /// The text of a conversation, by the tokenizer's own template or LLM-jp's.
  public func renderChat(
    _ messages: [ChatMessage], addGenerationPrompt: Bool = true
  ) throws -> String {
    let template = try chatTemplate ?? ChatTemplate.llmjp()
    func name(_ id: Int32?) -> JSON { JSON(id.map(vocabulary.piece) ?? "") }
    return try template.render(
      messages, addGenerationPrompt: addGenerationPrompt,
      variables: JSONObject([
        ("bos_token", name(special.begin)), ("eos_token", name(special.end)),
        ("unk_token", name(special.unknown)), ("pad_token", name(special.pad)),
      ]))
  }

  /// The ids of a conversation; the template brings its own begin token.
  ///
  /// Special tokens that the template writes become their ids. Those that a message spells stay text,
  /// for the template as well, so that nothing a user types can end a turn or begin another. For all
  /// other conversations the ids are those of transformers' `apply_chat_template`.
  public func encodeChat(
    _ messages: [ChatMessage], addGenerationPrompt: Bool = true
  ) throws -> [Int32] {
    let cuts = MessageCuts(special: specialSet.sorted().map(vocabulary.piece), messages)
    let rendered = try renderChat(
      messages.map { cuts.applied(to: $0) }, addGenerationPrompt: addGenerationPrompt)
    let (bytes, places) = cuts.removed(from: rendered)
    var encoder = Encoder(self)
    var ids: [Int32] = []
    encoder.encode(bytes.span, parseSpecial: true, cuts: places, into: &ids)
    return ids
  }

  /// The ids of a conversation with its responses marked.
  ///
  /// - Throws: `Failure` if the template does not write a turn the same way with and without those
  ///   that follow, so that no ids could be told to be the response's.
  public func encodeConversation(_ messages: [ChatMessage]) throws -> Conversation {
    let ids = try encodeChat(messages, addGenerationPrompt: false)
    var isResponse = [Bool](repeating: false, count: ids.count)
    for (turn, message) in messages.enumerated() where message.role == "assistant" {
      let before = try encodeChat(Array(messages[..<turn]), addGenerationPrompt: true)
      let after = try encodeChat(Array(messages[...turn]), addGenerationPrompt: false)
      guard ids.starts(with: after), after.starts(with: before) else {
        throw Failure(
          "the chat template writes turn \(turn + 1) differently when the conversation goes on",
          remedy: "use a template that only appends, such as LLM-jp's")
      }
      for place in before.count..<after.count { isResponse[place] = true }
    }
    return Conversation(ids: ids, isResponse: isResponse)
  }
}
