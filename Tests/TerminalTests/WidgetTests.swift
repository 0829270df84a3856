import TestSupport
import Testing

@testable import Terminal

@Suite("Widgets") struct WidgetTests {
  static func drawn(
    _ width: Int, _ height: Int, _ draw: (Rect, inout Surface) -> Void
  ) -> Surface {
    var surface = Surface(width: width, height: height)
    draw(surface.bounds, &surface)
    return surface
  }

  static let models: [(String, String, String)] = [
    ("0001_pretrain", "base 大規模", "2.131"), ("0002_sft", "tuned か\u{3099}くしゅう", "1.9"),
    ("0003_ｶﾞｸｼｭｳ", "日本語のとても長い名前のモデルです", "nan"), ("0004", "x", "12.000"),
  ]

  static func table(selection: Int = 1, isFocused: Bool = true) -> Table {
    Table(
      columns: [
        TableColumn("EXPERIMENT", .share(1)), TableColumn("MODEL", .share(1)),
        TableColumn("LOSS", .fixed(7), .right),
      ], count: models.count, state: ListState(selection: selection), isFocused: isFocused
    ) { row in
      [TableCell(models[row].0), TableCell(models[row].1), TableCell(models[row].2)]
    }
  }

  @Test func `tables line up whatever the characters`() throws {
    let surface = Self.drawn(44, 5) { Self.table().draw(in: $0, on: &$1) }
    try expectGolden(surface.snapshot + "\n" + surface.styleMap, "table.44x5.txt")
    let narrow = Self.drawn(26, 3) { Self.table(selection: 3).draw(in: $0, on: &$1) }
    try expectGolden(narrow.snapshot, "table.26x3.txt")
    let empty = Self.drawn(30, 5) { rect, surface in
      Table(
        columns: [TableColumn("RUN")], count: 0, state: ListState(),
        empty: "まだ実験がない。t を押すと学習が始まる。"
      ) { _ in [] }.draw(in: rect, on: &surface)
    }
    try expectGolden(empty.snapshot, "table.empty.txt")
  }

  @Test func `table columns always fill the width`() {
    for width in 0..<60 {
      let columns = [
        TableColumn("A", .share(2)), TableColumn("B", .share(1)), TableColumn("C", .fixed(5)),
      ]
      let widths = Table.widths(of: columns, in: width)
      #expect(widths.allSatisfy { $0 >= 0 })
      if width >= 7 { #expect(widths.reduce(0, +) + 2 == width) }
    }
  }

  static func chart(_ width: Int, _ height: Int, _ scale: LineChart.Scale = .linear) -> Surface {
    let count = LineChart.dotColumns(width: width)
    let columns = (0..<count).map { x -> LineChart.Column? in
      let base = 2 + 6 / (1 + Double(x) / 8)
      if x == count / 2 { return .init(minimum: base, maximum: base + 4) }
      if x == count * 3 / 4 { return .init(minimum: .nan, maximum: .nan, nonFinite: 3) }
      return .init(minimum: base - 0.1, maximum: base + 0.1)
    }
    let old = (0..<count).map { x -> LineChart.Column? in
      x > count / 2 && x % 4 == 0 ? .init(minimum: 6, maximum: 6) : nil
    }
    return drawn(width, height) { rect, surface in
      LineChart(
        series: [
          .init(columns: columns, style: Style(foreground: .index(4)), letter: "A"),
          .init(columns: old, isSuperseded: true),
        ],
        marks: [
          .init(column: count / 2, sign: "v", label: "#1 x2.7", role: "chart.mark"),
          .init(column: 10, sign: ":", role: "chart.axis"),
        ],
        labels: [
          .init(column: 0, text: "0"), .init(column: count / 2, text: "30k"),
          .init(column: count, text: "60k"),
        ], scale: scale
      ).draw(in: rect, on: &surface)
    }
  }

  @Test func `charts show every column's extremes, marks, gaps and what was superseded`() throws {
    let surface = Self.chart(60, 14)
    try expectGolden(surface.snapshot + "\n" + surface.styleMap, "chart.60x14.txt")
    try expectGolden(Self.chart(40, 8, .log).snapshot, "chart.log.40x8.txt")
    try expectGolden(Self.chart(18, 4).snapshot, "chart.18x4.txt")
  }

  /// Any single outlier lights its column, whatever the zoom.
  @Test func `no spike is lost`() {
    for width in [18, 31, 72] {
      let count = LineChart.dotColumns(width: width)
      for spike in 0..<count {
        let columns = (0..<count).map { x in
          LineChart.Column(minimum: 1, maximum: x == spike ? 100 : 1)
        }
        let surface = Self.drawn(width, 8) { rect, surface in
          LineChart(series: [.init(columns: columns)]).draw(in: rect, on: &surface)
        }
        let top = surface[Point(x: LineChart.gutter + spike / 2, y: 1)]?.glyph.text ?? ""
        #expect(top.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
      }
    }
  }

  @Test func `charts of anything draw`() {
    let values: [Double] = [
      0, -1, 1e300, -1e300, .nan, .infinity, -.infinity, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude,
    ]
    for scale in [LineChart.Scale.linear, .log] {
      for a in values {
        for b in values {
          let columns: [LineChart.Column?] = [
            .init(minimum: min(a, b), maximum: max(a, b)), nil, .init(minimum: b, maximum: b),
          ]
          for size in [
            Size(width: 0, height: 0), Size(width: 9, height: 3), Size(width: 30, height: 9),
          ] {
            _ = Self.drawn(size.width, size.height) { rect, surface in
              LineChart(
                series: [.init(columns: columns, letter: "A")],
                marks: [.init(column: -4, sign: "v"), .init(column: 900, sign: "v", label: "x")],
                labels: [.init(column: 99, text: "端")], scale: scale, cursor: 3
              ).draw(in: rect, on: &surface)
            }
          }
        }
      }
    }
  }

  @Test func `values beyond a given range leave a caret`() {
    let surface = Self.drawn(20, 6) { rect, surface in
      LineChart(
        series: [.init(columns: [.init(minimum: 1, maximum: 1), .init(minimum: 1, maximum: 9)])],
        range: 0...2
      ).draw(in: rect, on: &surface)
    }
    #expect(surface[Point(x: 8, y: 1)]?.glyph.text == "^")
  }

  @Test func `tabs, sparklines and footers`() throws {
    let surface = Self.drawn(60, 3) { rect, surface in
      Tabs(["1 Corpus", "2 Runs", "3 Chat"], current: 1, status: "実験 0042 LIVE 2s").draw(
        in: rect, on: &surface)
      surface.put(Sparkline.text([1, 2, 3, 4, .nan, 2, 9, 1], columns: 6), at: Point(x: 24, y: 1))
      KeyFooter([
        KeyHint(.enter, "open"), KeyHint("/", "検索"), KeyHint("d", "delete", isEnabled: false),
        KeyHint("w", "write to a file"), KeyHint("?", "help"),
      ]).draw(in: Rect(x: 0, y: 2, width: 50, height: 1), on: &surface)
    }
    try expectGolden(surface.snapshot + "\n" + surface.styleMap, "rows.60x3.txt")
  }

  @Test func `dialogs, help and text`() throws {
    let dialog = Self.drawn(50, 12) { rect, surface in
      Dialog(
        title: "Stop", text: "実験0042の学習を止めますか。最後の保存から12歩が失われます。",
        choices: [KeyHint("Enter", "stop"), KeyHint("Esc", "back")]
      ).draw(in: rect, on: &surface)
    }
    try expectGolden(dialog.snapshot, "dialog.50x12.txt")
    let sections: [HelpOverlay.Section] = [
      .init("Runs", [KeyHint("n N", "next, previous spike"), KeyHint("L", "対数軸")]),
      .init("Everywhere", (0..<9).map { KeyHint("\($0)", "key \($0)") }),
    ]
    let help = Self.drawn(60, 12) { HelpOverlay(sections: sections).draw(in: $0, on: &$1) }
    try expectGolden(help.snapshot, "help.60x12.txt")
    #expect(HelpOverlay(sections: sections).count == 14)
    let text = WrappedText(
      "国立情報学研究所は、大規模言語モデルの研究開発センターを設け、国内の研究者が使う。\n\nLLM-jp v3",
      columns: TextView.columns(width: 20))
    let view = Self.drawn(20, 5) { rect, surface in
      TextView(lines: text.lines, state: ScrollState(top: 2)).draw(in: rect, on: &surface)
    }
    try expectGolden(view.snapshot, "text.20x5.txt")
  }

  @Test func `lists keep their selection in view`() {
    var state = ListState()
    for (key, selection, top) in [
      (Key.down, 1, 0), (.pageDown, 5, 1), (.character("G"), 99, 95), (.up, 98, 95),
      (.pageUp, 94, 94), (.home, 0, 0), (.character("k"), 0, 0), (.end, 99, 95),
    ] {
      let isHandled = state.handle(key, count: 100, page: 5)
      #expect(isHandled)
      #expect(state == ListState(selection: selection, top: top), "after \(key)")
    }
    let isHandled = state.handle(.character("x"), count: 100, page: 5)
    #expect(!isHandled)
    state.select(5, count: 0, page: 5)
    #expect(state == ListState(selection: 0, top: 0))
    // A list that shrank under its selection still draws.
    #expect(ListState(selection: 50, top: 40).visibleTop(count: 3, page: 5) == 0)
  }

  @Test func `no widget minds a size`() {
    for width in [0, 1, 2, 3, 7, 18, 80, 300] {
      for height in [0, 1, 2, 3, 24, 70] {
        _ = Self.drawn(width, height) { rect, surface in
          Self.table(selection: 3).draw(in: rect, on: &surface)
          List(count: 3, state: ListState(selection: 2)) { TableCell("行\($0)") }.draw(
            in: rect, on: &surface)
          TextView(lines: ["一", "二", "三", "四"], state: ScrollState(top: 9)).draw(
            in: rect, on: &surface)
          Dialog(title: "題", text: "本当に？", choices: [KeyHint("y", "はい")]).draw(
            in: rect, on: &surface)
          HelpOverlay(sections: [.init("鍵", [KeyHint("q", "quit")])]).draw(in: rect, on: &surface)
          Tabs(["一", "二"], current: 0, status: "状態").draw(in: rect, on: &surface)
          KeyFooter([KeyHint("q", "quit"), KeyHint("?", "help")]).draw(in: rect, on: &surface)
          TextInput(text: "日本語を書く").draw(in: rect, on: &surface, prompt: "> ")
        }
      }
    }
  }
}
