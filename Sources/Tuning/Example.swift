import Models
public import Tokenizers

/// A tokenised conversation of which only the answers count.
public struct Example: Equatable, Sendable {
  /// The whole conversation.
  public let ids: [Int32]
  /// Whether each id is the assistant's, the end of sequence after an answer included.
  public let isResponse: [Bool]

  /// Tokenises a conversation by the tokenizer's chat template.
  ///
  /// - Throws: if the template refuses the conversation, or answers cannot be told from prompts.
  public init(_ dialogue: Dialogue, tokenizer: Tokenizer) throws {
    let conversation = try tokenizer.encodeConversation(dialogue.messages)
    self.init(ids: conversation.ids, isResponse: conversation.isResponse)
  }

  init(ids: [Int32], isResponse: [Bool]) {
    precondition(ids.count == isResponse.count && ids.count > 1, "\(ids.count) ids")
    self.ids = ids
    self.isResponse = isResponse
  }

  /// Places it takes in a row: each id but the last is read.
  var places: Int { ids.count - 1 }

  /// What each place should predict: the next id if it is an answer's, else nothing.
  var targets: [Int32] {
    zip(ids, isResponse).dropFirst().map { id, isResponse in isResponse ? id : Batch.ignored }
  }
}
