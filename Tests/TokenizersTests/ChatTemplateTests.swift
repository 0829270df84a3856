import Base
import TestSupport
import Testing
import Tokenizers

@Suite("Chat templates") struct ChatTemplateTests {
  /// `templates.json` is rendered by transformers 5.24.0 with jinja2 3.1.6 (`make.py templates`).
  @Test func `render as in transformers`() throws {
    for example in try golden("templates.json").array ?? [] {
      let name = example["name"]?.string ?? "", source = example["source"]?.string ?? ""
      let variables = example["variables"]?.object ?? JSONObject()
      let text = try? ChatTemplate(source).render(variables: variables)
      #expect(
        text.map { Array($0.utf8) } == example["text"]?.string.map { Array($0.utf8) },
        "\(name): \(text ?? "refused"), \(example["text"]?.string ?? "refused")")
    }
  }

  @Test func `LLM-jp's format`() throws {
    let variables = JSONObject([("bos_token", "<s>"), ("eos_token", "</s>")])
    let messages = [
      ChatMessage(role: "user", content: "問"), ChatMessage(role: "assistant", content: "答"),
      ChatMessage(role: "user", content: "次"),
    ]
    #expect(
      try ChatTemplate.llmjp().render(messages, addGenerationPrompt: true, variables: variables)
        == "<s>以下は、タスクを説明する指示です。要求を適切に満たす応答を書きなさい。\n\n### 指示:\n問\n\n### 応答:\n答</s>"
        + "\n\n### 指示:\n次\n\n### 応答:\n")
    #expect(throws: TemplateError.self) {
      try ChatTemplate.llmjp().render(
        [ChatMessage(role: "tool", content: "")], addGenerationPrompt: false)
    }
  }

  @Test(arguments: [
    ("{% macro f() %}{% endmacro %}", "macro"), ("{{ x | nosuch }}", "nosuch"),
    ("a\n{% if x is nosuch %}{% endif %}", "nosuch"), ("{% for x in y %}", "endfor"),
    ("{{ 'a", "string"), ("{{ x", "tag"), ("{# x", "comment"),
    ("{% for i in range(1000000000) %}{% endfor %}", "steps"),
    ("{{ 'aaaaaaaaaaaaaaaa' * 100000000000 }}", "bytes"),
    ("{{ 9223372036854775807 + 1 }}", "64 bits"), ("{{ 99999999999999999999 }}", "large"),
  ])
  func `what it cannot do is named`(source: String, word: String) {
    let error = #expect(throws: TemplateError.self) {
      try ChatTemplate(source).render(variables: JSONObject([("x", 1), ("y", [1])]))
    }
    #expect(error?.reason.contains(word) == true, "\(error?.reason ?? "")")
  }

  @Test func `deep nesting is refused`() {
    for (open, close) in [
      ("(", ")"), ("[", "]"), ("not ", ""), ("-", ""), ("x[", "]"), ("f(", ")"),
    ] {
      let source =
        "{{ " + String(repeating: open, count: 50_000) + "1"
        + String(repeating: close, count: 50_000) + " }}"
      #expect(throws: TemplateError.self) { try ChatTemplate(source) }
    }
    let chain = "{{ 1" + String(repeating: " + 1", count: 100_000) + " }}"
    #expect(throws: TemplateError.self) { try ChatTemplate(chain) }
    let blocks =
      String(repeating: "{% if x %}", count: 5000) + String(repeating: "{% endif %}", count: 5000)
    #expect(throws: TemplateError.self) { try ChatTemplate(blocks) }
  }

  @Test func `no template makes it trap`() throws {
    let seeds = try golden("templates.json").array?.compactMap { $0["source"]?.string } ?? []
    var fuzzer = TemplateFuzzer(seeds: seeds)
    let variables = JSONObject([
      ("messages", [["role": "user", "content": "a"]]), ("l", [1, 2, 3]), ("s", "あいう"),
      ("d", ["a": 1]),
    ])
    let end = monotonicSeconds() + Fuzzer.defaultSeconds
    var tried = 0
    var read = 0
    var rendered = 0
    while tried < 200 || monotonicSeconds() < end {
      tried += 1
      guard let template = try? ChatTemplate(fuzzer.next()) else { continue }
      read += 1
      if (try? template.render(variables: variables)) != nil { rendered += 1 }
    }
    #expect(read * 10 >= tried * 3 && rendered > 0, "\(read) read, \(rendered) of \(tried)")
  }
}
