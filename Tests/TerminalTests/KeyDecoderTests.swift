import Base
import Testing

@testable import Terminal

@Suite("Key decoding") struct KeyDecoderTests {
  static let table: [(bytes: String, inputs: [KeyDecoder.Input])] = [
    ("a", [.key(.character("a"))]), ("あ", [.key(.character("あ"))]),
    ("漢字", [.key(.character("漢")), .key(.character("字"))]),
    ("か\u{3099}", [.key(.character("か\u{3099}"))]), ("👨‍👩‍👧", [.key(.character("👨‍👩‍👧"))]),
    ("\r", [.key(.enter)]), ("\n", [.key(.control("j"))]), ("\t", [.key(.tab)]),
    ("\u{7F}", [.key(.backspace)]), ("\u{3}", [.key(.control("c"))]),
    ("\u{1A}", [.key(.control("z"))]), ("\u{0}", [.key(.control(" "))]),
    ("\u{1C}", [.key(.control("\\"))]),
    ("\u{1B}[A", [.key(.up)]), ("\u{1B}OB", [.key(.down)]), ("\u{1B}[1;5C", [.key(.wordRight)]),
    ("\u{1B}[1;3D", [.key(.wordLeft)]), ("\u{1B}[1;2C", [.key(.right)]),
    ("\u{1B}[H", [.key(.home)]), ("\u{1B}[4~", [.key(.end)]), ("\u{1B}[5~", [.key(.pageUp)]),
    ("\u{1B}[3~", [.key(.delete)]), ("\u{1B}[Z", [.key(.backTab)]),
    ("\u{1B}OP", [.key(.function(1))]), ("\u{1B}[15~", [.key(.function(5))]),
    ("\u{1B}[24~", [.key(.function(12))]), ("\u{1B}[[B", [.key(.function(2))]),
    ("\u{1B}x", [.key(.alt("x"))]), ("\u{1B}\r", [.key(.altEnter)]), ("\u{1B}あ", [.key(.alt("あ"))]),
    ("\u{1B}", [.key(.escape)]), ("\u{1B}[", [.key(.alt("["))]), ("\u{1B}O", [.key(.alt("O"))]),
    ("\u{1B}\u{1B}[A", [.key(.escape), .key(.up)]),
    ("\u{1B}[99;99u", []), ("\u{1B}[?1;2c", []),
    ("\u{1B}[200~a\rb\u{1B}[A\u{1B}[201~c", [.paste("a\nb\u{1B}[A"), .key(.character("c"))]),
    ("\u{1B}[200~日本\r\n語\u{1B}[201~", [.paste("日本\n語")]),
    ("\u{1B}[200~never ends", [.paste("never ends")]),
  ]

  @Test("of each sequence, however reads cut it", arguments: table)
  func decoding(_ entry: (bytes: String, inputs: [KeyDecoder.Input])) {
    let bytes = Array(entry.bytes.utf8)
    for cut in 0...bytes.count {
      var decoder = KeyDecoder()
      var inputs = decoder.feed(bytes[..<cut]) + decoder.feed(bytes[cut...])
      inputs += decoder.flush(endingPaste: true)
      // A cluster of several scalars may come in two reads, as it may be typed with two keys.
      #expect(Self.joined(inputs) == Self.joined(entry.inputs), "cut at \(cut)")
      #expect(!decoder.isWaiting)
    }
  }

  /// Neighbouring characters as one text, so that only what would be inserted counts.
  static func joined(_ inputs: [KeyDecoder.Input]) -> [String] {
    var parts: [String] = []
    var text: String?
    for input in inputs {
      if case .key(.character(let character)) = input {
        text = (text ?? "") + String(character)
        continue
      }
      if let done = text { parts.append(done) }
      text = nil
      parts.append("\(input)")
    }
    if let done = text { parts.append(done) }
    return parts
  }

  @Test func `invalid bytes become one placeholder each and nothing is lost`() {
    var decoder = KeyDecoder()
    let inputs = decoder.feed([0x61, 0xFF, 0x62, 0xE3, 0x81, 0x63]) + decoder.flush()
    #expect(Self.joined(inputs) == ["a\u{FFFD}b\u{FFFD}c"])
  }

  @Test func `a terminal's own sequences count`() {
    var decoder = KeyDecoder(sequences: [Array("\u{1B}[[5".utf8): .pageUp])
    #expect(decoder.feed("\u{1B}[[5".utf8) == [.key(.pageUp)])
  }

  @Test func `random bytes never trap and never stay`() {
    let random = CounterRandom(seed: 3, purpose: 4)
    let starts: [[UInt8]] = [[0x1B], Array("\u{1B}[".utf8), Array("\u{1B}[200~".utf8), [0xE3]]
    for round in 0..<2000 as Range<UInt64> {
      var decoder = KeyDecoder()
      var bytes = starts[Int(random.bits(round * 100) % 4)]
      for index in 1..<20 as Range<UInt64> {
        bytes.append(UInt8(truncatingIfNeeded: random.bits(round * 100 + index)))
      }
      _ = decoder.feed(bytes[..<7]) + decoder.feed(bytes[7...]) + decoder.flush(endingPaste: true)
      #expect(!decoder.isWaiting)
    }
  }

  @Test func `a long paste is cut, not typed`() {
    var decoder = KeyDecoder()
    _ = decoder.feed("\u{1B}[200~".utf8)
    let piece = [UInt8](repeating: 0x61, count: 1 << 20)
    for _ in 0..<6 { #expect(decoder.feed(piece).isEmpty) }
    let inputs = decoder.feed("\u{1B}[201~q".utf8)
    guard inputs.count == 2, case .paste(let text) = inputs[0] else {
      Issue.record("no paste")
      return
    }
    #expect(text.utf8.count == KeyDecoder.pasteLimit)
    #expect(inputs[1] == .key(.character("q")))
  }
}
