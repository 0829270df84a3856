import Testing

@testable import Terminal

@Suite("Surface") struct SurfaceTests {
  @Test func `half of a wide cell takes the other with it`() {
    var surface = Surface(width: 6, height: 1)
    surface.put("あいう", at: Point(x: 0, y: 0))
    surface.put("x", at: Point(x: 1, y: 0))
    #expect(surface.snapshot == " xいう")
    surface.put("y", at: Point(x: 2, y: 0))
    #expect(surface.snapshot == " xy う")
    surface.put("え", at: Point(x: 3, y: 0))
    #expect(surface.snapshot == " xyえ")
  }

  @Test func `a wide cluster never starts in the last column`() {
    var surface = Surface(width: 4, height: 1)
    surface.put("abcあ", at: Point(x: 0, y: 0))
    #expect(surface.snapshot == "abc")
    surface.put("いい", at: Point(x: -1, y: 0))
    #expect(surface.snapshot == " い")
    #expect(surface[Point(x: 2, y: 0)]?.glyph.isContinuation == true)
  }

  @Test func `parts clip and nest`() {
    var surface = Surface(width: 8, height: 4)
    surface.fill(surface.bounds, with: ".")
    surface.inside(Rect(x: 2, y: 1, width: 4, height: 2)) { part in
      #expect(part.size == Size(width: 4, height: 2))
      part.put("abcdefgh", at: Point(x: -1, y: 0))
      part.inside(Rect(x: 3, y: 1, width: 9, height: 9)) { inner in
        inner.put("大xyz", at: Point(x: 0, y: 0))
        inner.showCursor(at: Point(x: 2, y: 0))
      }
      #expect(part.cursor == nil, "a cursor outside of the visible part is not shown")
      part.showCursor(at: Point(x: 0, y: 1))
    }
    #expect(surface.snapshot == "........\n..bcde..\n..... ..\n........")
    #expect(surface.cursor == Point(x: 2, y: 2))
  }

  @Test func `a limit in columns cuts between clusters`() {
    var surface = Surface(width: 8, height: 1)
    #expect(surface.put("大規模", at: Point(x: 0, y: 0), columns: 5) == 5)
    #expect(surface.snapshot == "大規")
  }

  @Test func `boxes carry titles`() {
    var surface = Surface(width: 16, height: 4)
    let inner = surface.box(surface.bounds, title: "損失 raw+ema 0042", isFocused: true)
    #expect(inner == Rect(x: 1, y: 1, width: 14, height: 2))
    #expect(
      surface.snapshot == """
        +-[損失 raw..]-+
        |              |
        |              |
        +--------------+
        """)
    var small = Surface(width: 1, height: 1)
    #expect(small.box(small.bounds, title: "x").isEmpty)
  }

  @Test func `styles are mapped to letters`() {
    var surface = Surface(width: 6, height: 2)
    surface.put("ab", at: Point(x: 1, y: 0), style: Style(attributes: .bold))
    surface.put("大", at: Point(x: 0, y: 1), style: Style(foreground: .index(9)))
    surface.restyle(
      Rect(x: 1, y: 1, width: 1, height: 1), over: Style(attributes: .reverse))
    #expect(surface.styleMap == ".aa\nbb\na: bold\nb: fg 9")
  }

  @Test func `composed and decomposed text are different cells`() {
    var (a, b) = (Surface(width: 2, height: 1), Surface(width: 2, height: 1))
    a.put("が", at: Point(x: 0, y: 0))
    b.put("か\u{3099}", at: Point(x: 0, y: 0))
    #expect(a != b)
  }

  @Test func `no size and no place traps`() {
    for width in [0, 1, 2, 500] {
      for height in [0, 1, 3] {
        var surface = Surface(width: width, height: height)
        surface.box(Rect(x: -3, y: -3, width: 900, height: 900), title: "題")
        surface.put("大規模", at: Point(x: -1, y: height))
        surface.restyle(Rect(x: -5, y: -5, width: 50, height: 50), over: .plain)
        surface.put("大規模", at: Point(x: Int.min, y: 0))
        surface.put("大規模", at: Point(x: 0, y: .max))
        _ = surface.snapshot
        _ = surface.styleMap
      }
    }
  }
}
