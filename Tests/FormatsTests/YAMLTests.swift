import Base
import Formats
import TestSupport
import Testing

@Suite("YAML") struct YAMLTests {
  @Test("gives plain scalars the types of the 1.2 core schema") func scalars() throws {
    let text = """
      a: 12
      b: 1e-3
      c: yes
      d: "12"
      e: ~
      f: 0x1F
      g: 012
      h: .5
      i: true
      j: 1.2.3
      k: -0o17
      l: 2024-01-01
      m:
      """
    let value = try YAML.parse(text, file: "t.yaml")
    #expect(value["a"] == 12)
    #expect(value["b"] == 0.001)
    #expect(value["c"] == "yes")
    #expect(value["d"] == "12")
    #expect(value["e"]?.isNull == true)
    #expect(value["f"] == 31)
    #expect(value["g"] == 12)
    #expect(value["h"] == 0.5)
    #expect(value["i"] == true)
    #expect(value["j"] == "1.2.3")
    #expect(value["k"] == "-0o17")
    #expect(value["l"] == "2024-01-01")
    #expect(value["m"]?.isNull == true)
    #expect(value.object?.keys.first == "a")
  }

  @Test("keeps the lines of keys and elements") func lines() throws {
    let text = "a: 1\nb:\n  c: 2\n\n  d:\n    - x\n    - y\n"
    let document = try YAML.document(text, file: "c.yaml")
    #expect(document.line(of: "a") == 1)
    #expect(document.line(of: "b.c") == 3)
    #expect(document.line(of: ["b", "d", "1"]) == 7)
    #expect(document.place(of: "b.d") == "c.yaml, line 5")
    #expect(document.line(of: "z") == nil)
  }

  @Test("expands aliases, and refuses a bomb of them") func aliases() throws {
    let value = try YAML.parse("a: &x {b: 1}\nc: *x\nd: [*x, *x]\n", file: "t")
    #expect(value["c"]?["b"] == 1)
    #expect(value["d"]?[1]?["b"] == 1)
    var bomb = "a0: &a0 [1,2,3,4,5,6,7,8,9]\n"
    for level in 1..<20 {
      let inner = [String](repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
      bomb += "a\(level): &a\(level) [\(inner)]\n"
    }
    #expect(throws: Failure.self) { try YAML.parse(bomb, file: "bomb") }
    var deep = "a0: &a0 [1]\n"
    for level in 1..<200 { deep += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(throws: Failure.self) { try YAML.parse(deep, file: "deep") }
  }

  @Test(
    "says file and line of what it refuses",
    arguments: [
      ("a: 1\na: 2", "line 2"), ("a: [1, 2", "line 2"), ("a: *b", "line 1"),
      ("a: 1\n---\nb: 2", "line 2"), ("? [a]\n: 1", "line 1"), ("a: !!int x", "line 1"),
      ("x: 1\ny: !odd 2", "line 2"), ("a: 1e999", "line 1"), ("a:\n\t- 1", "line 2"),
      ("a: &a [*a]", "line 1"),
    ])
  func refusals(_ text: String, _ place: String) {
    let error = #expect(throws: Failure.self) { try YAML.parse(text, file: "f.yaml") }
    #expect(error?.problem.contains("f.yaml") == true)
    #expect(error?.problem.contains(place) == true, "\(error?.problem ?? "")")
  }

  @Test("writes what it reads back") func roundTrip() throws {
    let value: JSON = [
      "title": "澪津島: the island", "number": 12, "rate": 1e-05, "none": nil, "yes": true,
      "text": "line\nline # no comment", "like": "12", "empty": "", "null": "null",
      "list": [1, "two", [3, [4]], ["a": 1, "b": ["c": [nil]]], [], [:]], "bidi": "a\u{202E}b",
      "map": [:], "dash": "- x", "hash": "a #b", "space": " a ", "yes or no": "yes",
      "tag": "\u{E0001}", "nonchar": "a\u{FFFE}", "date": "2024-01-01T00:00:00Z", "*x": "&y",
    ]
    let text = YAML.text(value)
    #expect(try YAML.parse(text, file: "t") == value, "\(text)")
    #expect(!text.contains("\u{202E}"))
    for leaf: JSON in [1, "x", nil, [], ["a"], [:]] {
      #expect(try YAML.parse(YAML.text(leaf), file: "t") == leaf)
    }
  }

  @Test("an empty text is null") func empty() throws {
    #expect(try YAML.parse("", file: "t").isNull)
    #expect(try YAML.parse("# only a comment\n", file: "t").isNull)
  }

  @Test("survives mutated texts") func fuzz() {
    let pieces = [
      "a: &x [1, 2.5, \"q\\n\", {b: 3, c: ~}]\n", "d:\n  - e: |\n      text\n    f: !!str 1\n",
      "g: 'it''s'\n", "h: *x\n", "i: >-\n  folded\n  text\n", "j: {k: [], l: {}}\n",
      "m: -0x1F\n", "? n\n: o\n", "\"p\": .inf # comment\n", "q: 澪津島\n",
    ]
    var parsed = 0
    let rounds = max(3000, Fuzzer.leastInputs)
    for round in 0..<UInt64(rounds) {
      let random = CounterRandom(seed: round, purpose: 77)
      let chosen = [pieces[0]] + random.permutation(9).prefix(4).map { pieces[$0 + 1] }
      var bytes = Array(chosen.joined().utf8)
      for change in 0..<UInt64(random.below(4, 0)) {
        let position = random.below(bytes.count, 4 * change + 1)
        switch random.below(5, 4 * change + 2) {
        case 0: bytes.remove(at: position)
        case 1: bytes.insert(bytes[random.below(bytes.count, 4 * change + 3)], at: position)
        case 2: bytes[position] = UInt8(truncatingIfNeeded: random.bits(4 * change + 4))
        default:  // only within words, so that the structure stands
          if bytes[position] > 0x30, bytes[position] < 0x7B { bytes[position] ^= 1 }
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      guard let value = try? YAML.parse(text, file: "f") else { continue }
      parsed += 1
      let again = try? YAML.parse(YAML.text(value), file: "g")
      // NaN differs from itself.
      if !text.lowercased().contains(".nan") { #expect(again == value) }
    }
    #expect(parsed > rounds / 3, "\(parsed) of \(rounds) texts parsed")
  }
}
