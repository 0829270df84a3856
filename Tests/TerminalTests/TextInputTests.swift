import Testing

@testable import Terminal

@Suite("Text input") struct TextInputTests {
  @Test func `edits by cluster`() {
    var input = TextInput()
    for character in "かきｶﾞ👨‍👩‍👧" { #expect(input.handle(.character(character)) == .edited) }
    #expect(input.cursor == 4)
    #expect(input.handle(.backspace) == .edited)
    #expect(input.text == "かきｶﾞ")
    #expect(input.handle(.backspace) == .edited)
    #expect(input.text == "かき")
    #expect(input.handle(.left) == .moved)
    #expect(input.handle(.delete) == .edited)
    #expect(input.text == "か")
    // A mark that comes alone joins the cluster before the cursor.
    #expect(input.handle(.character("\u{3099}")) == .edited)
    #expect(input.text.unicodeScalars.count == 2)
    #expect(input.cursor == 1)
    #expect(input.handle(.enter) == .submitted)
    #expect(input.handle(.function(3)) == .ignored)
  }

  @Test func `moves by words and lines`() {
    var input = TextInput(text: "一つ two\n三 four", isMultiline: true)
    #expect(input.handle(.wordLeft) == .moved)
    #expect(input.cursor == 9)
    #expect(input.handle(.up) == .moved)
    #expect(input.cursor == 1, "the cell above, not the count of characters")
    #expect(input.handle(.end) == .moved)
    #expect(input.cursor == 6)
    #expect(input.handle(.control("w")) == .edited)
    #expect(input.text == "一つ \n三 four")
    #expect(input.handle(.altEnter) == .edited)
    #expect(input.text == "一つ \n\n三 four")
    #expect(input.handle(.control("k")) == .moved)
  }

  @Test func `one line takes no newline`() {
    var input = TextInput()
    #expect(input.handle(.altEnter) == .ignored)
    input.paste("一\n二")
    #expect(input.text == "一 二")
  }

  @Test func `history comes back and the draft is kept`() {
    var input = TextInput()
    for text in ["first", "second"] {
      input.paste(text)
      input.clear(remembering: true)
    }
    input.paste("draft")
    #expect(input.handle(.up) == .edited)
    #expect(input.text == "second")
    #expect(input.handle(.up) == .edited)
    #expect(input.text == "first")
    #expect(input.handle(.up) == .ignored)
    #expect(input.handle(.down) == .edited)
    #expect(input.handle(.down) == .edited)
    #expect(input.text == "draft")
    #expect(input.handle(.down) == .ignored)
  }

  @Test func `the cursor is where an input method composes`() {
    var surface = Surface(width: 12, height: 3)
    var input = TextInput(text: "大規模言語", isMultiline: true)
    input.draw(in: surface.bounds, on: &surface, prompt: "> ")
    #expect(surface.snapshot == "> 大規模言語\n\n")
    #expect(surface.cursor == Point(x: 2, y: 1), "a full row puts the cursor on the next")
    #expect(input.handle(.left) == .moved)
    surface = Surface(width: 12, height: 3)
    input.draw(in: surface.bounds, on: &surface, prompt: "> ")
    #expect(surface.cursor == Point(x: 10, y: 0))
    #expect(input.rows(columns: 8, prompt: "> ") == 2)
  }

  @Test func `a long line scrolls`() {
    var surface = Surface(width: 10, height: 1)
    let input = TextInput(text: "大規模言語モデルx")
    input.draw(in: surface.bounds, on: &surface)
    #expect(surface.cursor == Point(x: 8, y: 0))
    #expect(surface.snapshot == " モデルx")
  }
}
