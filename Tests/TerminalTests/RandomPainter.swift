import Base

@testable import Terminal

/// Draws seeded random changes of every kind a workbench makes.
struct RandomPainter {
  private let random: CounterRandom
  private var element: UInt64 = 0
  private let colours: Int

  init(seed: UInt64, colours: Int) {
    random = CounterRandom(seed: seed, purpose: 7)
    self.colours = colours
  }

  mutating func number(_ count: Int) -> Int {
    element += 1
    return Int(random.bits(element) % UInt64(count))
  }

  static let pieces: [String] = [
    "a", "Z", "0", " ", "  ", "----", "loss", "大規模", "言語", "モデル", "あ", "か\u{3099}", "は\u{309A}",
    "ｶﾞ", "ﾊﾟ", "e\u{301}", "o\u{302}\u{323}", "が", "。", "「", "」", "😀", "👍🏽", "👨‍👩‍👧", "🇯🇵", "⣿",
    "⡀⢀", "\u{1B}[31m", "\u{202E}", "\t", "한국", "\u{1112}\u{1161}\u{11AB}", "中文", "𠮷", "葛\u{E0100}",
    "x\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}", "\u{301}", "का", "ﷺ", "℃", "①", "█", "\u{FFFF}",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "～～～～～～～～～～",
  ]

  mutating func text() -> String {
    var text = ""
    for _ in 0...number(12) { text += Self.pieces[number(Self.pieces.count)] }
    return text
  }

  mutating func style() -> Style {
    var style = Style(attributes: Style.Attributes(rawValue: UInt8(number(16))))
    if colours > 0 {
      if number(2) == 0 { style.foreground = .index(UInt8(number(colours))) }
      if number(4) == 0 { style.background = .index(UInt8(number(colours))) }
    }
    return number(3) == 0 ? .plain : style
  }

  mutating func point(in surface: Surface) -> Point {
    Point(x: number(surface.size.width + 4) - 2, y: number(surface.size.height))
  }

  mutating func paint(_ surface: inout Surface) {
    for _ in 0...number(20) {
      let point = point(in: surface)
      switch number(10) {
      case 0:
        surface.fill(
          Rect(x: point.x, y: point.y, width: number(30), height: number(8)), style: style())
      case 1:
        let rect = Rect(x: point.x, y: point.y, width: number(40), height: number(12))
        let (title, text, style) = (text(), text(), style())
        surface.box(rect, title: title, isFocused: number(2) == 0)
        surface.inside(rect.inset()) { $0.put(text, at: Point(x: -1, y: 0), style: style) }
      case 2:
        surface.restyle(
          Rect(x: point.x, y: point.y, width: number(30), height: number(3)), over: style())
      case 3 where number(6) == 0:
        surface = Surface(size: surface.gridSize)
      default:
        surface.put(text(), at: point, style: style())
      }
    }
    if number(3) == 0 { surface.showCursor(at: point(in: surface)) }
  }
}
