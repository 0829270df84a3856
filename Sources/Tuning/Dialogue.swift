public import Base
public import Tokenizers

/// A conversation to learn from: what the user says, and what the assistant should answer each time.
public struct Dialogue: Equatable, Sendable {
  public let messages: [ChatMessage]

  private static let roles: Set<String> = ["system", "user", "assistant"]

  /// Reads one line of a file of conversations: `{"messages": [{"role", "content"}]}`, or the
  /// `{"instruction", "input", "output"}` of older collections, in AnswerCarefully `{"text", "output"}`.
  ///
  /// - Throws: ``Failure`` if it is neither, or does not end with an answer.
  public init(_ json: JSON, place: String) throws {
    if let list = json["messages"]?.array {
      messages = try list.map { message in
        guard let role = message["role"]?.string, let content = message["content"]?.string,
          Self.roles.contains(role)
        else {
          throw Failure(
            "\(place): a message without role and content",
            remedy: "Give role (system, user or assistant) and content.")
        }
        return ChatMessage(role: role, content: content)
      }
    } else if let instruction = (json["instruction"] ?? json["text"])?.string,
      let output = json["output"]?.string
    {
      let input = json["input"]?.string ?? ""
      messages = Self.prompt(instruction, input) + [ChatMessage(role: "assistant", content: output)]
    } else {
      throw Failure(
        "\(place): neither messages nor instruction and output",
        remedy: "Give one of the two forms in docs/configuration.md.")
    }
    guard messages.count > 1, messages.last?.role == "assistant" else {
      throw Failure(
        "\(place): the conversation does not end with an answer",
        remedy: "End it with a message of the assistant.")
    }
  }

  /// An instruction with an input is worded as evaluation words it, so that what is learnt is what is asked.
  private static func prompt(_ instruction: String, _ input: String) -> [ChatMessage] {
    guard !input.isEmpty else { return [ChatMessage(role: "user", content: instruction)] }
    return [
      ChatMessage(role: "system", content: InstructionHeader.withInput),
      ChatMessage(role: "user", content: "\(instruction)\n\n### 入力:\n\(input)"),
    ]
  }
}
