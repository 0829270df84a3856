public import Base
public import Generation
public import Lab
import Tokenizers

/// A conversation with a model, one answer at a time, kept in the workspace's `chats/` if there is one.
public struct ChatSession: Sendable {
  /// What one side said.
  public struct Message: Equatable, Sendable {
    /// "user" or "assistant".
    public let role: String
    public let content: String

    public init(role: String, content: String) {
      self.role = role
      self.content = content
    }
  }

  /// How the model is asked.
  public struct Settings: Equatable, Sendable {
    public var options: GenerationOptions
    /// What the model is told before everything else; empty: nothing.
    public var system: String
    /// Whether the model goes on from the bare text, as one that was never tuned has to.
    public var continuesText: Bool
    /// Whether each answer draws by a seed of its own instead of that of the options.
    public var drawsAnew: Bool

    public init(
      options: GenerationOptions, system: String = "", continuesText: Bool = false,
      drawsAnew: Bool = false
    ) {
      self.options = options
      self.system = system
      self.continuesText = continuesText
      self.drawsAnew = drawsAnew
    }
  }

  /// An answer.
  public struct Answer: Equatable, Sendable {
    public let generated: Generated
    /// Messages at the beginning that were left out so that the rest fits the context.
    public let forgotten: Int
    /// Why it could not be stored.
    public let problem: String?
  }

  /// Everything said so far, the system's words excepted.
  public private(set) var messages: [Message]
  /// The id of the stored conversation; `nil`: nothing is stored.
  public private(set) var stored: String?
  public let settings: Settings

  private let name: String
  private let chats: Chats?

  /// Begins a conversation, or goes on with one.
  ///
  /// - Parameters:
  ///   - name: what people call the model.
  ///   - messages: what was said before.
  ///   - workspace: where the conversation is stored; nowhere without one, or in one that is read-only.
  ///   - stored: the id of the conversation the messages are from.
  public init(
    _ name: String, _ settings: Settings, messages: [Message] = [],
    storedIn workspace: Workspace?, goingOn stored: String? = nil
  ) {
    self.name = name
    self.settings = settings
    self.messages = messages
    self.stored = stored
    chats = workspace.flatMap { $0.isWritable ? Chats($0) : nil }
  }

  /// Asks, and hears the answer.
  ///
  /// The question is stored before the answer begins. An answer that cannot be stored is still given.
  ///
  /// - Parameters:
  ///   - onText: told the answer's text as it comes, and of how many tokens it is so far; the pieces join to the
  ///     whole. A piece is empty while a character is not complete.
  /// - Throws: `ContextExceeded` if the question alone does not fit; the session is then as before, but for
  ///   ``stored`` if the question was.
  public mutating func ask(
    _ question: String, _ model: any LanguageModel, cancellation: CancellationFlag? = nil,
    onText: (_ text: String, _ tokens: Int) -> Void = { _, _ in }
  ) throws -> Answer {
    let asked = messages + [Message(role: "user", content: question)]
    let prompt = try ChatPrompt(asked, settings, for: model)
    guard prompt.ids.count < model.contextLength else {
      throw ContextExceeded(length: prompt.ids.count, context: model.contextLength)
    }
    var options = settings.options
    if settings.drawsAnew { options.sampling.seed = Self.seed() }
    var record = try chats.map {
      try ChatRecord(question, to: name, system: settings.system, in: $0, goingOn: stored)
    }
    stored = record?.id
    var decoder = model.tokenizer.makeStreamingDecoder()
    var tokens = 0
    let generated = try model.generate(prompt.ids, options, cancellation: cancellation) { id in
      tokens += 1
      onText(decoder.append(id), tokens)
    }
    let rest = decoder.finish()
    if !rest.isEmpty { onText(rest, tokens) }
    messages = asked + [Message(role: "assistant", content: generated.text)]
    var problem: String?
    do {
      try record?.add(
        generated, by: name, options, continuesText: settings.continuesText,
        system: settings.system)
      stored = record?.id
    } catch {
      problem = "The answer could not be stored: \(oneLine(error))"
    }
    return Answer(generated: generated, forgotten: prompt.forgotten, problem: problem)
  }

  /// Another one each time; stored with the answer, so that it can be had again.
  private static func seed() -> UInt64 { UInt64(Timestamp.now().seconds * 1000) & 0xFFFF_FFFF }
}
