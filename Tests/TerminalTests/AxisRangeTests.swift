import TestSupport
import Testing

@testable import Terminal

@Suite("Axis range") struct AxisRangeTests {
  static func columns(_ values: [Double]) -> [LineChart.Column?] {
    values.map { .init(minimum: $0, maximum: $0) }
  }

  /// A loss that falls from 8 to 2 over `count` columns.
  static func falling(_ count: Int) -> [Double] { (0..<count).map { 2 + 6 / (1 + Double($0) / 8) } }

  @Test func `a falling loss is shown whole`() throws {
    for count in [1, 2, 5, 40, 130, 400] {
      let values = Self.falling(count)
      let range = AxisRange(of: [Self.columns(values)])
      #expect(!range.isCut)
      #expect(range.range == (values.min() ?? 0)...(values.max() ?? 0))
    }
  }

  /// Whatever the place and the height of a short spike, the rest keeps its height and the spike is told.
  @Test func `a spike does not flatten the rest`() throws {
    var random = SeededGenerator(5)
    for _ in 0..<200 {
      var values = Self.falling(140)
      let place = Int.random(in: 12..<138, using: &random)
      let width = Int.random(in: 1...2, using: &random)
      for offset in 0..<width {
        values[place + offset] = Double.random(in: 12..<4000, using: &random)
      }
      let range = AxisRange(of: [Self.columns(values), [nil, nil]])
      let top = try #require(range.range?.upperBound)
      #expect(range.isCut && top >= 8 && top < 9, "spike at \(place), top \(top)")
    }
  }

  @Test func `a high that lasts is no spike`() {
    var values = Self.falling(140)
    for place in 60..<90 { values[place] = 30 }
    #expect(AxisRange(of: [Self.columns(values)]).range?.upperBound == 30)
  }

  @Test func `what is no number, and nothing at all`() {
    #expect(AxisRange(of: []).range == nil)
    #expect(
      AxisRange(of: [[nil, .init(minimum: .infinity, maximum: -.infinity, nonFinite: 3)]]).range
        == nil)
    let same = AxisRange(of: [Self.columns([2, 2, 2])])
    #expect(same.range == 2...2 && !same.isCut)
  }

  @Test func `a spike above the top is lit there`() {
    var values = Self.falling(128)
    values[90] = 900
    let chart = LineChart(
      series: [.init(columns: Self.columns(values))],
      range: AxisRange(of: [Self.columns(values)]).range)
    var surface = Surface(width: 72, height: 12)
    chart.draw(in: surface.bounds, on: &surface)
    let rows = surface.snapshot.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(Array(rows[1])[LineChart.gutter + 45] == "^")
    #expect(rows[1].contains("8.4"), "the axis ends a little above the first loss: \(rows[1])")
  }
}
