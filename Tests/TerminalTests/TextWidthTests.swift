import Base
import Testing

@testable import Terminal

@Suite("Text width") struct TextWidthTests {
  /// Measured on glibc 2.36 and tmux 3.3a, or what the placeholder spells.
  static let table: [(text: String, columns: Int)] = [
    ("", 0), ("a", 1), ("loss", 4), ("あ", 2), ("大規模", 6), ("か\u{3099}", 2), ("が", 2),
    ("ｶ", 1), ("ｶﾞ", 2), ("ﾊﾟ", 2), ("e\u{301}", 1), ("\u{3000}", 2), ("𠮷", 2), ("😀", 2),
    ("⣿", 1), ("─", 1), ("①", 1), ("±", 1), ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2),
    ("葛\u{E0100}", 2), ("का", 2), ("℃", 1), ("～", 2), ("。", 2), ("｡", 1), ("❤\u{FE0F}", 1),
    ("\t", 4), ("\u{1B}", 8), ("\u{202E}", 8), ("\u{200B}", 8), ("\u{E000}", 8),
    ("👨‍👩‍👧", 6), ("👍🏽", 6), ("🇯🇵", 4), ("\u{301}", 1), ("\u{10FFFF}", 10), ("䷀", 2),
    ("x\u{300}\u{301}\u{302}\u{303}", 1), ("x\u{300}\u{301}\u{302}\u{303}\u{304}", 5),
  ]

  @Test("of each kind of cluster", arguments: table)
  func width(_ entry: (text: String, columns: Int)) {
    #expect(TextWidth.columns(of: entry.text) == entry.columns)
  }

  @Test("is what the surface uses")
  func drawn() {
    for (text, columns) in Self.table {
      var surface = Surface(width: 20, height: 1)
      #expect(surface.put(text, at: Point(x: 0, y: 0)) == columns, "\(text)")
    }
  }

  @Test func `dangerous text is spelt out`() {
    var surface = Surface(width: 60, height: 1)
    surface.put("a\u{1B}[31mb\u{202E}c\u{7F}\n\u{9B}", at: Point(x: 0, y: 0))
    #expect(surface.snapshot == "a<U+001B>[31mb<U+202E>c<U+007F><U+000A><U+009B>")
  }

  @Test func `emoji sequences show their first part and how many more`() {
    var surface = Surface(width: 60, height: 1)
    surface.put("\u{301} 👨‍👩‍👧 👍🏽 🇯🇵 ❤\u{FE0F}", at: Point(x: 0, y: 0))
    #expect(surface.snapshot == "\u{25CC}\u{301} 👨<+2> 👍<+1> <JP> ❤")
  }

  @Test func `a cell holds a base and four marks`() {
    var surface = Surface(width: 20, height: 1)
    surface.put("x\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}y", at: Point(x: 0, y: 0))
    #expect(surface.snapshot == "x\u{300}\u{301}\u{302}\u{303}<+2>y")
  }

  @Test func `cutting keeps clusters whole`() {
    #expect(TextWidth.cut("大規模言語モデル", to: 9) == "大規模..")
    #expect(TextWidth.cut("大規模言語モデル", to: 16) == "大規模言語モデル")
    #expect(TextWidth.cut("大規模", to: 2) == "大")
    #expect(TextWidth.cut("大規模", to: 1) == "")
    #expect(TextWidth.cut("か\u{3099}か\u{3099}か\u{3099}", to: 5) == "か\u{3099}..")
    #expect(TextWidth.cut("abc", to: -1) == "")
  }

  @Test func `fitting gives the same columns to every text`() {
    for text in ["", "a", "大規模言語モデル", "ｶﾞｷﾞｸﾞ", "👨‍👩‍👧", "か\u{3099}"] {
      for alignment in [TextWidth.Alignment.left, .right, .centre] {
        for columns in 0..<12 {
          #expect(TextWidth.columns(of: TextWidth.fit(text, to: columns, alignment)) == columns)
        }
      }
    }
    #expect(TextWidth.fit("字", to: 5, .centre) == " 字  ")
    #expect(TextWidth.fit("字", to: 4, .right) == "  字")
  }
}
