import Base
import Lab
import Terminal
import TestSupport
import Testing
import Workflows

@testable import Workbench

@Suite("Looking at curves") struct RunsLookTests {
  private static func player(_ size: Size = Player.wide) -> Player {
    var player = Player(.runs, size, [Samples.runs])
    player.press(.down)
    player.receiveCurves()
    return player
  }

  @Test func `metric, axis, smoothing and overlays are asked of the world`() {
    var player = Self.player()
    player.press(.character("m"), .character("S"), .character("x"), .character("X"))
    let query = player.state.runs.watched
    #expect(query?.metric == "gradient_norm" && query?.smoothing == .weak)
    #expect(query?.axis == HorizontalAxis(quantity: .tokens, isLogarithmic: true))
    player.press(.down, .character(" "), .up)
    player.receiveCurves()
    #expect(player.state.runs.watched?.overlays == [.init(number: 5, letter: "A")])
    player.press(.character("d"))
    #expect(player.state.runs.watched?.isDifference == true)
    player.press(.character("M"))
    player.receiveCurves()
    #expect(player.frame.contains("difference"))
  }

  @Test func `the cross-hair moves by cells and tells its values`() {
    var player = Self.player()
    player.press(.tab, .left)
    player.receiveCurves()
    let step = player.state.runs.cursor ?? -1
    #expect(step > 0 && step <= 640)
    #expect(player.frame.contains("step \(step)"))
    player.press(.left)
    #expect(player.state.runs.cursor ?? step < step)
    player.press(.home)
    #expect(player.state.runs.cursor ?? 99 < 8)
    player.press(.escape)
    #expect(player.state.runs.cursor == nil && player.state.pane == .runs)
  }

  @Test func `all metrics have charts, filtered, and one becomes the large one`() {
    var player = Self.player()
    player.press(.character("a"))
    #expect(player.state.runs.watched?.smallMetrics.count == 5)
    player.receiveCurves()
    #expect(player.frame.contains("update_ratio"))
    player.press(.character("/"))
    player.type("!o")
    player.press(.enter)
    #expect(
      player.state.runs.metrics == ["gradient_norm", "learning_rate"].filter { !$0.contains("o") })
    player.press(.character("/"))
    for _ in 0..<2 { player.press(.backspace) }
    player.type("rat")
    player.press(.enter)
    player.receiveCurves()
    #expect(player.state.runs.metrics == ["learning_rate", "update_ratio"])
    player.press(.right, .enter)
    #expect(player.state.runs.metric == "update_ratio" && !player.state.runs.showsAll)
  }

  @Test func `log, system and configuration stand in the events' place`() {
    var player = Self.player()
    for (key, side) in [("t", RunsPane.State.Side.log), ("i", .system), ("o", .configuration)] {
      player.press(.character(Character(key)))
      #expect(player.state.runs.watched?.side == side)
      player.receive(.runs(.side(6, side, (0..<90).map { "\(side.rawValue) \($0)\u{1B}[2J" })))
      #expect(player.frame.contains("\(side.rawValue) ") && !player.frame.contains("\u{1B}"))
    }
    #expect(player.state.runs.sideScroll.top == 0)
    player.press(.character("e"))
    #expect(player.frame.contains("newest first"))
  }

  @Test func `from a spike to its documents, its checkpoint, and a run without`() {
    var player = Self.player(Player.small)
    player.receive(Samples.corpora)
    player.press(.character("v"), .character("w"), .character("d"))
    #expect(player.state.pane == .corpus)
    #expect(
      player.effects.contains { effect in
        if case .corpus(.list(Samples.version, let ids, _)) = effect {
          ids.count == 1
        } else {
          false
        }
      })
    player.press(.character("2"), .character("w"), .character("x"))
    #expect(player.state.runs.marked == [4] && player.state.runs.side == .configuration)
    player.press(.character("e"), .character("w"), .character("c"))
    #expect(player.state.pane == .chat)
  }

  @Test func `the mouse does what keys do`() {
    var player = Self.player()
    let layout = RunsLayout(player.state.runs)
    func mouse(_ action: Mouse.Action, _ x: Int, _ y: Int) -> Key {
      .mouse(Mouse(action, x: x, y: y + WorkbenchView.paneTop))
    }
    let (x, y) = (layout.curve.x + 40, layout.curve.y + 5)
    player.press(mouse(.press, x, y), mouse(.release, x, y))
    #expect(player.state.runs.cursor != nil && player.state.runs.focus == .curve)
    player.press(mouse(.wheelUp, x, y))
    #expect(player.state.runs.window.span == 320)
    player.receiveCurves()
    player.press(mouse(.wheelDown, x, y))
    #expect(player.state.runs.window.span == nil)
    player.receiveCurves()
    player.press(mouse(.press, x, y), mouse(.drag, x + 10, y), mouse(.drag, x + 20, y))
    #expect(player.state.runs.brush?.count ?? 0 > 30)
    player.press(mouse(.release, x + 20, y))
    #expect(player.state.runs.window.span ?? 640 < 300 && player.state.runs.brush == nil)
    player.press(mouse(.press, layout.list.x + 5, layout.list.y + 2))
    #expect(player.state.runs.selected == 7)
    player.press(.character("1"))
    #expect(!WorkbenchUpdate.heedsMouse(player.state))
  }

  @Test func `an alert stands in every pane until somebody goes there`() {
    var player = Self.player(Player.small)
    player.press(.character("1"))
    let alert = Alert(.spike, 5, step: 88, "a spike by step 88")
    player.receive(.alert(alert, rings: true))
    #expect(player.effects.contains { if case .bell = $0 { true } else { false } })
    for digit in "12345" {
      player.press(.character(digit))
      #expect(player.frame.contains("! 0005 a spike by step 88"))
    }
    player.press(.character("!"))
    #expect(player.state.pane == .runs && player.state.runs.selected == 5)
    #expect(!player.frame.contains("a spike by step 88"))
  }
}

@Suite("Axes of curves") struct RunScaleTests {
  /// A run of so many steps; each reads 100 tokens, and takes a second, ten of the later half.
  private static func reader(_ folder: Path, steps: Int, factor: Double = 1) throws -> RunReader {
    let writer = try RunWriter(folder, goingOnFrom: 0)
    for step in 1...steps {
      writer.record(
        step: step, [("loss", factor * Double(step)), ("tokens", Double(100 * step))])
    }
    try writer.flush()
    var reader = RunReader(folder)
    reader.refresh()
    return reader
  }

  @Test func `columns by tokens hold the steps that read them, logarithmic ones ever more`() throws
  {
    try withTemporaryFolder { folder in
      let reader = try Self.reader(folder / "a", steps: 1000)
      let extent = RunExtent(reader)
      let tokens = RunScale(
        HorizontalAxis(quantity: .tokens), StepWindow(), count: 10, [extent])
      let edges = tokens.edges(extent)
      #expect(edges.count == 11 && edges.first == 1 && edges.last == 1001)
      for (low, high) in zip(edges, edges.dropFirst()) { #expect((99...101).contains(high - low)) }
      let log = RunScale(
        HorizontalAxis(isLogarithmic: true), StepWindow(), count: 3, [extent])
      #expect(
        log.edges(extent).map { Double($0) }.prefix(3).enumerated().allSatisfy { place, edge in
          abs(edge - exponential(Double(place) / 3 * logarithm(1001))) <= 1
        })
    }
  }

  @Test func `every point is in one column, whatever the axis`() throws {
    try withTemporaryFolder { folder in
      let reader = try Self.reader(folder / "a", steps: 777)
      let extent = RunExtent(reader)
      for quantity in HorizontalAxis.Quantity.allCases {
        for isLog in [false, true] {
          let axis = HorizontalAxis(quantity: quantity, isLogarithmic: isLog)
          let scale = RunScale(axis, StepWindow(), count: 97, [extent])
          let bins = reader["loss"]?.columns(edges: scale.edges(extent)) ?? []
          let count = bins.reduce(0) { $0 + $1.count }
          // All are recorded within a moment here: time may have no width.
          #expect(count >= 776 || quantity == .time, "\(quantity) \(isLog) \(count)")
        }
      }
    }
  }

  @Test func `a smoothed curve is the bias-corrected mean, and a difference that of the runs`()
    throws
  {
    try withTemporaryFolder { folder in
      let a = try Self.reader(folder / "a", steps: 50)
      let b = try Self.reader(folder / "b", steps: 50, factor: 0.5)
      let edges = Array(1...51)
      let smooth = Smoothing.weak.values(try #require(a["loss"]), edges: edges)
      var (sum, weight) = (0.0, 0.0)
      for step in 1...50 {
        sum = 0.9 * sum + Double(step)
        weight = 0.9 * weight + 1
        #expect(abs((smooth[step - 1] ?? 0) - sum / weight) < 1e-9)
      }
      let median = Smoothing.median.values(try #require(a["loss"]), edges: edges)
      #expect(median[49] == 35)
      var query = RunQuery(number: 1, window: StepWindow(), columns: 51, smallColumns: 4)
      (query.isDifference, query.overlays) = (true, [.init(number: 2, letter: "A")])
      let curves = RunCurves(a, query, [.init(number: 2, letter: "A", reader: b)])
      let line = try #require(curves.main.lines.first)
      #expect(line.columns.compactMap { $0?.maximum } == (1...50).map { Double($0) / 2 })
      query.cursor = 20
      query.isDifference = false
      let read = RunCurves(a, query, [.init(number: 2, letter: "A", reader: b)]).readings
      #expect(read.first { $0.name == "loss" && $0.letter.isEmpty }?.value == Measure(20))
      #expect(read.first { $0.letter == "A" }?.value == Measure(10))
    }
  }
}
