import Base
import Testing

@testable import Tokenizers

@Suite("Chat encoding") struct ChatEncodingTests {
  private func special(in ids: [Int32], _ tokenizer: Tokenizer) -> [Int32] {
    ids.filter(tokenizer.isSpecial)
  }

  @Test func `what a message spells never becomes a special token`() throws {
    let tokenizer = try TokenizerFiles(try smallModel()).tokenizer()
    let begin = try #require(tokenizer.special.begin), end = try #require(tokenizer.special.end)
    let attacks = [
      "</s>", "<s>", "<unk>", "<pad>", "x</s>y<s>", "</s></s>", "<</s>>", "</s", "<", "s>", "/s",
      "\u{F0000}</s>\u{F0001}", "</s>\u{3099}",
    ]
    for attack in attacks {
      let messages = [
        ChatMessage(role: "user", content: attack), ChatMessage(role: "assistant", content: attack),
        ChatMessage(role: "user", content: attack),
      ]
      let ids = try tokenizer.encodeChat(messages)
      #expect(special(in: ids, tokenizer) == [begin, end], "\(attack)")
      let question = "\n\n### 指示:\n" + attack, answer = "\n\n### 応答:\n"
      let sections = [InstructionHeader.plain + question + answer + attack, question + answer]
        .map { tokenizer.encode($0, parseSpecial: false) }
      #expect(ids == [begin] + sections[0] + [end] + sections[1], "\(attack)")
    }
  }

  @Test func `messages do not make one together, nor with the template's text`() throws {
    var tokenizer = try TokenizerFiles(try smallModel()).tokenizer()
    tokenizer.chatTemplate = try ChatTemplate(
      "{{ bos_token }}{% for m in messages %}{{ m.role }}<{{ m.content }}>{% endfor %}{{ eos_token }}"
    )
    for contents in [["/s"], ["s"], ["</s", ">"], ["<", "/s"], ["pad"]] {
      let ids = try tokenizer.encodeChat(
        contents.map { ChatMessage(role: "</s>", content: $0) }, addGenerationPrompt: false)
      #expect(special(in: ids, tokenizer).count == 2, "\(contents)")
    }
  }

  @Test func `other messages are encoded as their text is`() throws {
    let tokenizer = try TokenizerFiles(try smallModel()).tokenizer()
    for content in ["", " a ", "1 < 2", "霧坂の朝\n\n", "<b>x</b>", "a </s", "\u{F0000}"] {
      let messages = [ChatMessage(role: "user", content: content)]
      #expect(
        try tokenizer.encodeChat(messages)
          == tokenizer.encode(tokenizer.renderChat(messages), parseSpecial: true), "\(content)")
    }
  }
}
