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
    ("{% for i in range(1000000000) %}{% endfor %}", "range()"),
    ("{{ range(-9223372036854775807, 9223372036854775807) }}", "range()"),
    ("{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}", "steps"),
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
      ("(", ")"), ("[", "]"), ("not ", ""), ("-", ""), ("x[", "]"), ("f(", ")"), ("1 if ", ""),
      ("1 if 1 else ", ""), ("x is defined is ", "defined"), ("{'a':", "}"), ("x | default(", ")"),
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

  /// Each of these took all memory, all time or the whole stack, because the cost was counted afterwards.
  @Test(arguments: [
    // A list that holds itself twice, forty times over: 2⁴⁰ elements to print, compare or put together.
    (
      "{% set l = [1] %}" + String(repeating: "{% set l = [l, l] %}", count: 40) + "{{ l }}",
      "{{ }}"
    ),
    (
      "{% set l = [1] %}" + String(repeating: "{% set l = [l, l] %}", count: 40)
        + "{{ l | tojson }}",
      "tojson"
    ),
    (
      "{% set l = [1] %}" + String(repeating: "{% set l = [l, l] %}", count: 40)
        + "{{ l == [l[0], l[1]] }}", "=="
    ),
    (
      "{% set l = [1] %}" + String(repeating: "{% set l = [l, l] %}", count: 40)
        + "{{ l ~ 'a' }}", "~"
    ),
    (
      "{% set l = [1] %}" + String(repeating: "{% set l = [l, l] %}", count: 40)
        + "{{ l | join }}", "join"
    ),
    (
      "{% set l = [1] %}" + String(repeating: "{% set l = [l, l] %}", count: 40)
        + "{{ l | upper | length }}", "upper"
    ),
    // A list in a list in a list, as deep as a loop is long.
    (
      "{% set n = namespace(l=[]) %}{% for i in range(100000) %}{% set n.l = [n.l] %}{% endfor %}",
      "deep"
    ),
    (
      "{% set n = namespace(l={}) %}{% for i in range(100000) %}{% set n.l = {'a': n.l} %}"
        + "{% endfor %}", "deep"
    ),
    (
      "{% set n = namespace(l=1) %}{% for i in range(100000) %}{% for j in [n.l, n.l] %}"
        + "{% set n.l = loop %}{% endfor %}{% endfor %}", "deep"
    ),
    // Filters on a long text, again and again.
    (
      "{% set s = 'a' * 30000000 %}{% for i in range(100000) %}{% set t = s | trim %}{% endfor %}",
      "trim"
    ),
    (
      "{% set s = 'a' * 30000000 %}{% for i in range(100000) %}{% set t = s | length %}"
        + "{% endfor %}", "length"
    ),
    ("{% for c in 'a' * 60000000 %}{% endfor %}", "steps"),
    ("{{ ('a' * 60000000) | list | length }}", "list"),
    ("{{ ('a ' * 30000000).split() | length }}", "split()"),
    ("{{ ('a' * 60000000).split('a') | length }}", "split()"),
    ("{{ ('a' * 60000000) | replace('a', '') }}", "replace"),
    ("{{ '' * 9223372036854775807 }}{{ 'a' * 9223372036854775807 }}", "*"),
    (
      "{% set n = namespace(l=[1]) %}{% for i in range(40) %}{% set n.l = n.l + n.l %}{% endfor %}",
      "+"
    ),
    ("{{ [[['a' * 99, {}]]] | map('nosuch') | list }}", "nosuch"),
  ])
  func `work is paid for before it is done`(source: String, word: String) {
    let error = #expect(throws: TemplateError.self) {
      try ChatTemplate(source).render(variables: JSONObject())
    }
    #expect(error?.reason.contains(word) == true, "\(error?.reason ?? "")")
  }

  @Test func `a text is found in another however the two look`() throws {
    let source = "{{ ('a' * 1000000 ~ 'b') in ('a' * 2000000) }}{{ 'aab' in 'aaab' }}"
    #expect(try ChatTemplate(source).render(variables: JSONObject()) == "FalseTrue")
    let parts = "{{ 'abcabcab'.split('abc') }}{{ 'aaaa' | replace('aa', 'b') }}"
    #expect(try ChatTemplate(parts).render(variables: JSONObject()) == "['', '', 'ab']bb")
  }

  @Test func `ordinary long conversations stay within the limits`() throws {
    let turn = String(repeating: "長い話。", count: 500)
    let messages = (0..<2001).map {
      ChatMessage(role: $0 % 2 == 0 ? "user" : "assistant", content: turn)
    }
    let source =
      "{% set n = namespace(all=[]) %}{% for m in messages %}{% set n.all = n.all + [m.role] %}"
      + "{{ m['role'] | upper }}{{ m.content | trim }}{% if not loop.last %}\n{% endif %}{% endfor %}"
      + "{{ n.all | length }}"
    let text = try ChatTemplate(source).render(messages, addGenerationPrompt: false)
    #expect(text.utf8.count > 12_000_000 && text.hasSuffix("2001"))
  }

  @Test func `keys are told apart by their bytes`() throws {
    let source = "{{ {'が': 1, 'か\u{3099}': 2} }}{{ d['が'] }}{{ d['か\u{3099}'] }}"
    let variables = JSONObject([("d", .object([("が", 1), ("か\u{3099}", 2)]))])
    #expect(
      Array(try ChatTemplate(source).render(variables: variables).utf8)
        == Array("{'が': 1, 'か\u{3099}': 2}12".utf8))
  }

  @Test func `no template makes it trap`() throws {
    let seeds = try golden("templates.json").array?.compactMap { $0["source"]?.string } ?? []
    var fuzzer = TemplateFuzzer(seeds: seeds)
    let variables = JSONObject([
      ("messages", [["role": "user", "content": "a"]]), ("l", [1, 2, 3]), ("s", "あいう"),
      ("d", ["a": 1]),
    ])
    let start = monotonicSeconds()
    var tried = 0
    var read = 0
    var rendered = 0
    while Fuzzer.goesOn(tried, since: start) {
      tried += 1
      guard let template = try? ChatTemplate(fuzzer.next()) else { continue }
      read += 1
      if (try? template.render(variables: variables)) != nil { rendered += 1 }
    }
    #expect(read * 10 >= tried * 3 && rendered > 0, "\(read) read, \(rendered) of \(tried)")
  }
}
