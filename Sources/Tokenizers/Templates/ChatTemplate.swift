public import Base

/// One turn of a conversation.
public struct ChatMessage: Equatable, Sendable {
  /// "system", "user" or "assistant".
  public var role: String
  public var content: String

  public init(role: String, content: String) {
    self.role = role
    self.content = content
  }
}

/// How a conversation is written as one text for a model: a template in a subset of Jinja.
///
/// The subset is what templates of LLM-jp, Llama, SmolLM2, Qwen and ChatML use: `for` (with `if` and
/// `else`), `if`, `set` (blocks and namespaces too), `break`, `continue`; expressions with Python's
/// operators, slices, methods of text and dictionaries, the usual filters and tests. Anything else is
/// an error that names it. White space is treated as transformers does (`trim_blocks`,
/// `lstrip_blocks`).
public struct ChatTemplate: Sendable {
  /// The template as it was given.
  public let source: String
  private let nodes: [TemplateNode]

  /// Reads a template.
  ///
  /// - Throws: ``TemplateError`` naming the line.
  public init(_ source: String) throws(TemplateError) {
    self.source = source
    nodes = try TemplateParser.parse(source)
  }

  /// The text of a conversation.
  ///
  /// - Parameters:
  ///   - addGenerationPrompt: whether the assistant's turn is begun.
  ///   - variables: what else the template may read, such as `bos_token`.
  /// - Throws: ``TemplateError``, if the template refuses the conversation or goes wrong.
  public func render(
    _ messages: [ChatMessage], addGenerationPrompt: Bool, variables: JSONObject = JSONObject()
  ) throws(TemplateError) -> String {
    var all = variables
    all["messages"] = .array(
      messages.map { .object([("role", JSON($0.role)), ("content", JSON($0.content))]) })
    all["add_generation_prompt"] = JSON(addGenerationPrompt)
    return try render(variables: all)
  }

  /// The text that the template makes of `variables` alone.
  public func render(variables: JSONObject) throws(TemplateError) -> String {
    var values: [String: TemplateValue] = [:]
    for (name, value) in variables { values[name] = TemplateValue(value) }
    var interpreter = TemplateInterpreter(values)
    return try interpreter.render(nodes)
  }
}

extension ChatTemplate {
  /// ``llmjpSource``, read.
  public static func llmjp() throws(TemplateError) -> ChatTemplate { try ChatTemplate(llmjpSource) }

  /// The template of LLM-jp's instruct models: an instruction and its response under headings, the
  /// end token after each response.
  ///
  /// The system's line comes first; conversations without one get LLM-jp's own.
  public static let llmjpSource = """
    {{ bos_token }}{% if messages and messages[0]['role'] == 'system' %}\
    {{ messages[0]['content'] }}{% else %}\
    {{ '\(InstructionHeader.plain)' }}{% endif %}\
    {% for message in messages %}{% if message['role'] == 'user' %}\
    {{ '\\n\\n### 指示:\\n' + message['content'] }}{% elif message['role'] == 'assistant' %}\
    {{ '\\n\\n### 応答:\\n' + message['content'] + eos_token }}\
    {% elif message['role'] != 'system' or not loop.first %}\
    {{ raise_exception('unexpected role: ' + message['role']) }}{% endif %}{% endfor %}\
    {% if add_generation_prompt %}{{ '\\n\\n### 応答:\\n' }}{% endif %}
    """
}
