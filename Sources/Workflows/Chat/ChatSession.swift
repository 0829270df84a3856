import Base
public import Generation
public import Lab
import Tokenizers

/// A conversation with a model, one answer at a time, kept in the workspace's `chats/` if there is one.
public struct ChatSession {
  /// One turn of the conversation.
  public struct Message: Equatable, Sendable {
    /// "system", "user" or "assistant".
    public let role: String
    public let content: String
  }

  /// An answer.
  public struct Answer: Equatable, Sendable {
    public let generated: Generated
    /// Messages at the beginning that were left out so that the rest fits the context.
    public let forgotten: Int
  }

  /// Everything said so far.
  public private(set) var messages: [Message] = []
  /// The id of the stored conversation; `nil` if it is not stored.
  public var stored: String? { workspace == nil ? nil : conversation.id }

  private let model: any LanguageModel
  private let options: GenerationOptions
  private let workspace: Workspace?
  private var conversation: Conversation

  /// Tokens of the context that are kept free for an answer, at most a quarter of it.
  private static let room = 64

  /// Begins a conversation.
  ///
  /// - Parameters:
  ///   - name: what people call the model.
  ///   - system: what it is told first.
  ///   - workspace: where the conversation is stored; `nil`: nowhere.
  public init(
    _ model: any LanguageModel, name: String, system: String? = nil, options: GenerationOptions,
    storedIn workspace: Workspace?
  ) {
    self.model = model
    self.options = options
    self.workspace = workspace
    conversation = Conversation(model: name)
    if let system { add("system", system) }
  }

  /// Asks, and hears the answer.
  ///
  /// - Parameters:
  ///   - isCancelled: looked at after each token.
  ///   - onText: told the answer's text as it comes; what it is told joins to the whole.
  /// - Throws: `ContextExceeded` if the question alone does not fit.
  public mutating func ask(
    _ question: String, isCancelled: () -> Bool = { false }, onText: (String) -> Void = { _ in }
  ) throws -> Answer {
    let (prompt, forgotten) = try prompt(Message(role: "user", content: question))
    var decoder = model.tokenizer.makeStreamingDecoder()
    let flag = CancellationFlag()
    let generated = try model.generate(prompt, options, cancellation: flag) { id in
      onText(decoder.append(id))
      if isCancelled() { flag.cancel() }
    }
    onText(decoder.finish())
    if conversation.title.isEmpty { conversation.title = String(question.prefix(40)) }
    add("user", question)
    add(
      "assistant", generated.text,
      details: [
        "stop_reason": JSON(generated.stopReason.rawValue), "tokens": JSON(generated.ids.count),
        "tokens_per_second": JSON(generated.tokensPerSecond),
        "temperature": JSON(Double(options.sampling.temperature)),
        "seed": JSON(Int(clamping: options.sampling.seed)),
      ])
    if let workspace { try Chats(workspace).save(&conversation) }
    return Answer(generated: generated, forgotten: forgotten)
  }

  private mutating func add(_ role: String, _ content: String, details: JSON = .null) {
    messages.append(Message(role: role, content: content))
    conversation.append(role: role, content, details: details)
  }

  /// The ids of the conversation with a question at its end; the oldest turns are left out until it fits.
  private func prompt(_ question: Message) throws -> (ids: [Int32], forgotten: Int) {
    let system = messages.filter { $0.role == "system" }
    var turns = messages.filter { $0.role != "system" }
    let limit = model.contextLength - min(Self.room, model.contextLength / 4)
    var forgotten = 0
    while true {
      let ids = try model.tokenizer.encodeChat(
        (system + turns + [question]).map {
          Tokenizers.ChatMessage(role: $0.role, content: $0.content)
        })
      guard ids.count > limit, !turns.isEmpty else { return (ids, forgotten) }
      // A question goes with its answer.
      let gone = min(2, turns.count)
      turns.removeFirst(gone)
      forgotten += gone
    }
  }
}
