import Base
import Testing

@Suite("Sanitiser") struct SanitiserTests {
  /// What tui.md asks of untrusted text, spelt out by range.
  static let hidden: [ClosedRange<UInt32>] = [
    0...0x1F, 0x7F...0x9F, 0xAD...0xAD, 0x61C...0x61C, 0x200B...0x200C, 0x200E...0x200F,
    0x2028...0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xE000...0xF8FF, 0xFDD0...0xFDEF,
    0xFEFF...0xFEFF, 0xFFFE...0xFFFF, 0xE0001...0xE0001, 0xE0020...0xE007F, 0xF0000...0xFFFFD,
    0x100000...0x10FFFD, 0x1FFFE...0x1FFFF, 0x10FFFE...0x10FFFF,
  ]

  @Test("no control, bidi or invisible character comes out, of all there are")
  func everyScalar() {
    var view = String.UnicodeScalarView()
    for value in UInt32(0)...0x10FFFF {
      if let scalar = Unicode.Scalar(value) {
        view.append("a")
        view.append(scalar)
      }
    }
    let hidden = Self.hidden
    for keeping in [false, true] {
      let out = Sanitiser.visible(String(view), keepingNewlines: keeping)
      let leaked = out.unicodeScalars.filter { scalar in
        if scalar.value > 0x20, scalar.value < 0x7F { return false }
        return !(keeping && scalar == "\n") && hidden.contains { $0.contains(scalar.value) }
      }
      #expect(leaked.isEmpty, "\(leaked.prefix(9).map(Sanitiser.placeholder))")
    }
  }

  @Test("ordinary text of all scripts stays as it is")
  func ordinary() {
    for text in [
      "", "plain ASCII ~", "日本語、かな（カナ）。が か\u{3099}", "한국어 中文", "é e\u{301} ß Ω я",
      "👩‍👩‍👧‍👦 🇯🇵 ❤\u{FE0F} 葛\u{E0100}", "→ ✓ ▁ ⠿ █",
    ] {
      #expect(Array(Sanitiser.visible(text).utf8) == Array(text.utf8))
    }
  }

  @Test("what is hidden is spelt out")
  func placeholders() {
    #expect(Sanitiser.visible("\u{1B}[31mred") == "<U+001B>[31mred")
    #expect(Sanitiser.visible("a\u{202E}b\u{9B}c") == "a<U+202E>b<U+009B>c")
    #expect(Sanitiser.visible("a\tb\nc\r\nd") == "a b<U+000A>c<U+000D><U+000A>d")
    #expect(Sanitiser.visible("a\r\nb\n", keepingNewlines: true) == "a<U+000D>\nb\n")
    #expect(Sanitiser.visible("\u{E0041}\u{10FFFF}") == "<U+E0041><U+10FFFF>")
  }

  @Test("an error is told in one visible line")
  func errorLine() {
    let error = Failure("cannot read a\u{1B}]0;x\u{7}\nb", remedy: "Check it.")
    #expect(oneLine(error) == "cannot read a<U+001B>]0;x<U+0007> b. Check it.")
  }
}
