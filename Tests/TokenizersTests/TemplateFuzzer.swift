import TestSupport

/// Damages chat templates word by word, reproducibly: a name becomes another name, an operator another
/// operator, and whole tags are doubled, so that most of what comes out is still a template.
struct TemplateFuzzer {
  private enum Kind { case text, name, number, string, operation, other }
  private typealias Word = (kind: Kind, text: String)

  private let seeds: [[Word]]
  private var random = SeededGenerator(1)
  private var bytes: Fuzzer

  private static let keywords: Set<String> = [
    "for", "in", "if", "else", "elif", "endif", "endfor", "set", "endset", "not", "and", "or", "is",
    "break", "continue", "generation", "endgeneration",
  ]
  private static let names = [
    "messages", "message", "loop", "namespace", "range", "x", "l", "s", "d", "none", "true",
    "length",
    "tojson", "join", "content", "role", "first", "items", "raise_exception",
  ]
  private static let numbers = ["0", "1", "-1", "2.5", "9223372036854775807", "100000"]
  private static let strings = ["''", "'a'", "\"\\n\"", "'role'", "'あ'", "'{{'"]
  private static let operations = [
    "+", "-", "*", "/", "//", "%", "~", "==", "!=", "<", "<=", ">", ">=", "|",
  ]
  private static let tags = [
    "{% set x = [x, x, s] %}", "{% set l = l + l %}", "{% set s = s ~ s ~ l %}",
    "{% set n = namespace(a=1) %}{% for i in range(2000) %}{% set n.a = [n.a] %}{% endfor %}",
    "{{ x | tojson(indent=4) }}", "{% set d = {s: d, 'b': [d, l]} %}", "{{ d == d }}",
    "{% for c in s %}{% set x = [loop, x] %}{% endfor %}", "{{ l | unique | join(s) }}",
    "{{ messages[-1:] }}", "{{ s[::-1] | upper }}", "{{ l * 3 }}", "{{ d.items() | list }}",
    "{% for i in range(9) %}{{ loop.index }}{% endfor %}", "{% if x is defined %}a{% endif %}",
    "{% set n = namespace(a=1) %}{% set n.a = n.a + 1 %}", "{# a comment #}", "{{- '' -}}",
    "{% for m in messages if m.role %}{{ m }}{% else %}b{% endfor %}", "{{ (1, 2) if s else [] }}",
  ]

  init(seeds: [String]) {
    bytes = Fuzzer(seeds: seeds.map { Array($0.utf8) })
    self.seeds = seeds.map(Self.words)
  }

  /// The next damaged template; one of eight is damaged byte by byte.
  mutating func next() -> String {
    if pick(8) == 0 { return String(decoding: bytes.next(), as: UTF8.self) }
    var words = seeds[pick(seeds.count)]
    for _ in 0...pick(3) { damage(&words) }
    return words.map(\.text).joined()
  }

  private mutating func damage(_ words: inout [Word]) {
    guard !words.isEmpty else { return }
    if pick(3) == 0 {
      let places = words.indices.filter { words[$0].kind == .text }
      let place = places.isEmpty ? 0 : places[pick(places.count)]
      words.insert((.text, Self.tags[pick(Self.tags.count)]), at: place)
      return
    }
    let places = words.indices.filter { words[$0].kind != .text && words[$0].kind != .other }
    guard !places.isEmpty else { return }
    let place = places[pick(places.count)]
    let choices =
      switch words[place].kind {
      case .name: Self.names
      case .number: Self.numbers
      case .string: Self.strings
      default: Self.operations
      }
    words[place].text = choices[pick(choices.count)]
  }

  /// A template in words: text outside of tags is one, keywords and brackets are `other`.
  private static func words(_ source: String) -> [Word] {
    var words: [Word] = []
    var rest = source[...]
    while let open = rest.indices.first(where: { isTag(rest[$0...]) }) {
      words.append((.text, String(rest[..<open])))
      let close = rest[open] == "{" ? rest[rest.index(after: open)] : "{"
      rest = rest[open...]
      words.append((.other, String(rest.prefix(2))))
      rest = rest.dropFirst(2)
      let end = close == "{" ? "}}" : close == "%" ? "%}" : "#}"
      while !rest.isEmpty, !rest.hasPrefix(end) {
        let word = close == "#" ? (.other, String(rest.prefix(1))) : word(rest)
        words.append(word)
        rest = rest.dropFirst(word.text.count)
      }
      words.append((.other, String(rest.prefix(2))))
      rest = rest.dropFirst(2)
    }
    words.append((.text, String(rest)))
    return words
  }

  private static func isTag(_ text: Substring) -> Bool {
    ["{{", "{%", "{#"].contains { text.hasPrefix($0) }
  }

  private static func word(_ text: Substring) -> Word {
    let first = text[text.startIndex]
    if first.isLetter || first == "_" {
      let name = text.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      return (keywords.contains(String(name)) ? .other : .name, String(name))
    }
    if first.isNumber { return (.number, String(text.prefix { $0.isNumber })) }
    if first == "'" || first == "\"" {
      let inner = text.dropFirst().prefix { $0 != first }
      return (.string, String(text.prefix(inner.count + 2)))
    }
    for symbol in ["//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "|"]
    where text.hasPrefix(symbol) { return (.operation, symbol) }
    return (.other, String(first))
  }

  private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
}
