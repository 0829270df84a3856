import Base
import Testing

@testable import Terminal

@Suite("Text wrapping") struct TextWrapTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let columns: Int
    let lines: [String]
    init(_ name: String, _ text: String, _ columns: Int, _ lines: [String]) {
      (testDescription, self.text, self.columns, self.lines) = (name, text, columns, lines)
    }
  }

  static let cases = [
    Case("empty", "", 10, [""]),
    Case("short", "abc", 10, ["abc"]),
    Case("words", "the quick brown fox", 10, ["the quick", "brown fox"]),
    Case("long word", "abcdefghijkl mn", 5, ["abcde", "fghij", "kl mn"]),
    Case("word pushed whole", "ab cdefg", 5, ["ab", "cdefg"]),
    Case("numbers whole", "値は12345です", 8, ["値は", "12345で", "す"]),
    Case("kanji anywhere", "大規模言語モデル", 6, ["大規模", "言語モ", "デル"]),
    Case("odd columns", "大規模言語", 5, ["大規", "模言", "語"]),
    Case("closing mark pushes one", "今日は晴れ。明日", 10, ["今日は晴", "れ。明日"]),
    Case("two closing marks", "あいうえ」。か", 8, ["あいう", "え」。か"]),
    Case("closing marks in a row", "あいうえ」」」か", 8, ["あいう", "え」」」", "か"]),
    Case("three opening marks break anyway", "あ「「「い", 8, ["あ「「「", "い"]),
    Case("opening bracket pushed", "あいう「え」", 8, ["あいう", "「え」"]),
    Case("small kana", "ぎゅうにゅう", 8, ["ぎゅう", "にゅう"]),
    Case("long mark pushes two", "コンピュータ", 8, ["コン", "ピュータ"]),
    Case("nothing else in the line", "。。。。", 4, ["。。", "。。"]),
    Case("mixed", "LLM-jpは日本語のモデル", 10, ["LLM-jpは日", "本語のモデ", "ル"]),
    Case("word before mark", "これはword。", 10, ["これは", "word。"]),
    Case("paragraphs", "一\n\n二\n", 10, ["一", "", "二"]),
    Case("CR LF", "a\r\nb", 10, ["a", "b"]),
    Case("indentation stays", "  ab cd", 5, ["  ab", "cd"]),
    Case("ideographic indentation", "\u{3000}吾輩は猫", 6, ["\u{3000}吾輩", "は猫"]),
    Case("spaces at the break vanish", "ab    cd", 3, ["ab", "cd"]),
    Case("half-width dakuten stays", "ｱｶﾞｱｶﾞ", 3, ["ｱｶﾞ", "ｱｶﾞ"]),
    Case("decomposed dakuten stays", "か\u{3099}か\u{3099}", 2, ["か\u{3099}", "か\u{3099}"]),
    Case("narrower than a cluster", "大a", 1, ["大", "a"]),
  ]

  @Test("breaks each case as the rules say", arguments: cases)
  func breaking(_ entry: Case) {
    let lines = TextWrap.lines(of: entry.text, columns: entry.columns).map(String.init)
    #expect(lines == entry.lines)
  }

  @Test("without kinsoku fills lines")
  func plain() {
    let lines = TextWrap.lines(of: "今日は晴れ。明日", columns: 10, kinsoku: false)
    #expect(lines.map(String.init) == ["今日は晴れ", "。明日"])
  }

  /// Whatever the text: lines fit, nothing is lost but spaces and newlines, drawing never traps.
  @Test("holds its promises on random text", arguments: 1...8 as ClosedRange<UInt64>)
  func random(seed: UInt64) {
    var random = RandomText(seed: seed)
    for _ in 0..<150 {
      let text = random.text(upTo: 60)
      let columns = 1 + random.number(30)
      let lines = TextWrap.lines(of: text, columns: columns)
      for line in lines where line.count > 1 {
        #expect(TextWidth.columns(of: line) <= columns, "\(text.unicodeScalars.map(\.value))")
      }
      func kept(_ text: some StringProtocol) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { ![" ", "\t", "\n", "\r", "\u{3000}"].contains($0) }
      }
      #expect(lines.flatMap { kept($0) } == kept(text))
      var surface = Surface(width: 1 + random.number(20), height: 4)
      for (y, line) in lines.enumerated() {
        surface.put(line, at: Point(x: random.number(8) - 4, y: y - 1))
      }
      for cell in surface.cells {
        for scalar in cell.glyph.scalars where !cell.glyph.isContinuation {
          #expect(ScalarWidth.kind(of: scalar) != .special)
        }
      }
    }
  }

  @Test("wraps a stream as it would wrap the whole")
  func streaming() {
    var random = RandomText(seed: 5)
    for _ in 0..<60 {
      let columns = 2 + random.number(20)
      var stream = WrappedText(columns: columns)
      var text = ""
      for _ in 0..<10 {
        // Pieces end with a letter, as no cluster may span two pieces of this comparison.
        let piece = random.text(upTo: 12) + "a"
        text += piece
        stream.append(piece)
      }
      #expect(stream.lines == TextWrap.lines(of: text, columns: columns).map(String.init))
    }
  }
}
