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

  @Test func `tables line up whatever the characters`() {
    let surface = Self.drawn(44, 5) { Self.table().draw(in: $0, on: &$1) }
    print(surface.snapshot)
    print(surface.styleMap)
    let narrow = Self.drawn(26, 3) { Self.table(selection: 3).draw(in: $0, on: &$1) }
    print(narrow.snapshot)
    let empty = Self.drawn(30, 5) { rect, surface in
      Table(
        columns: [TableColumn("RUN")], count: 0, state: ListState(),
        empty: "まだ実験がない。t を押すと学習が始まる。"
      ) { _ in [] }.draw(in: rect, on: &surface)
    }
    print(empty.snapshot)
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

  @Test func `charts`() {
    print(Self.chart(60, 14).snapshot)
    print(Self.chart(60, 14).styleMap)
    print(Self.chart(40, 8, .log).snapshot)
    print(Self.chart(18, 4).snapshot)
  }

  @Test func `others`() {
    print(
      Self.drawn(60, 3) { rect, surface in
        Tabs(["1 Corpus", "2 Runs", "3 Chat"], current: 1, status: "実験 0042 LIVE 2s").draw(
          in: rect, on: &surface)
        Bar.draw(0.42, at: Point(x: 0, y: 1), width: 20, on: &surface)
        surface.put(Sparkline.text([1, 2, 3, 4, .nan, 2, 9, 1], columns: 6), at: Point(x: 24, y: 1))
        KeyFooter([
          KeyHint(.enter, "open"), KeyHint("/", "検索"), KeyHint("d", "delete", isEnabled: false),
          KeyHint("w", "write to a file"), KeyHint("?", "help"),
        ]).draw(in: Rect(x: 0, y: 2, width: 50, height: 1), on: &surface)
      }.snapshot)
    print(
      Self.drawn(50, 12) { rect, surface in
        var input = TextInput()
        input.paste("st")
        Dialog(
          title: "Stop", text: "実験0042の学習を止めますか。最後の保存から12歩が失われます。",
          choices: [KeyHint("Enter", "stop"), KeyHint("Esc", "back")], typing: ("stop", input)
        ).draw(in: rect, on: &surface)
      }.snapshot)
    print(
      Self.drawn(60, 12) { rect, surface in
        HelpOverlay(sections: [
          .init("Runs", [KeyHint("n N", "next, previous spike"), KeyHint("L", "対数軸")]),
          .init("Everywhere", (0..<9).map { KeyHint("\($0)", "key \($0)") }),
        ]).draw(in: rect, on: &surface)
      }.snapshot)
    let text = WrappedText(
      "国立情報学研究所は、大規模言語モデルの研究開発センターを設け、国内の研究者が使う。\n\nLLM-jp v3", columns: 19)
    print(
      Self.drawn(20, 5) { rect, surface in
        TextView(lines: text.lines, state: ScrollState(top: 2)).draw(in: rect, on: &surface)
      }.snapshot)
  }
}
