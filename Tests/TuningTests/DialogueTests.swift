import Base
import Testing
import Tokenizers

@testable import Tuning

@Suite("Dialogues") struct DialogueTests {
  static func read(_ text: String) throws -> Dialogue {
    try Dialogue(try JSON.parse(text), place: "pairs.jsonl:7")
  }

  @Test func `messages and instructions are read`() throws {
    let dialogue = try Self.read(
      #"{"messages": [{"role": "user", "content": "問"}, {"role": "assistant", "content": "答"}]}"#)
    #expect(dialogue.messages.map(\.role) == ["user", "assistant"])
    let old = try Self.read(#"{"instruction": "問", "input": "", "output": "答"}"#)
    #expect(old == dialogue)
    let input = try Self.read(#"{"instruction": "訳せ", "input": "霧", "output": "fog"}"#)
    #expect(input.messages.map(\.role) == ["system", "user", "assistant"])
    #expect(input.messages[1].content == "訳せ\n\n### 入力:\n霧")
  }

  @Test(
    "what is none is refused, with its place",
    arguments: [
      "[]", "{}", "3", #"{"messages": []}"#, #"{"messages": [3]}"#,
      #"{"messages": [{"role": "user", "content": "問"}]}"#,
      #"{"messages": [{"role": "assistant", "content": "答"}]}"#,
      #"{"messages": [{"role": "robot", "content": "a"}, {"role": "assistant", "content": "b"}]}"#,
      #"{"messages": [{"role": "user"}, {"role": "assistant", "content": "b"}]}"#,
      #"{"instruction": "問"}"#, #"{"instruction": 3, "output": "答"}"#,
    ])
  func refused(_ text: String) {
    let failure = #expect(throws: Failure.self) { try Self.read(text) }
    #expect(failure?.problem.hasPrefix("pairs.jsonl:7: ") == true)
  }
}
