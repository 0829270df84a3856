import Base
import Lab
import Terminal

extension RunsPane {
  struct State: PaneState {
    enum Box: Sendable { case list, curve, events }

    /// A question over the pane.
    enum Question: Sendable {
      /// Which configuration to train; the world has it if `isBusy`.
      case configuration(TextInput, problem: String?, isBusy: Bool)
      case stop(Int)
      /// What the record holds of the chosen event's step.
      case why(EventRow)
      /// Which metrics are shown.
      case filter(TextInput)
    }

    /// What stands in the box of the events.
    enum Side: String, Sendable, CaseIterable { case events, log, system, configuration }

    var size = Size(width: 80, height: 22)
    var isReadOnly = false
    var focus = Box.list
    /// `nil` until the workspace was read.
    var rows: [RunRow]?
    var list = ListState()
    /// The run whose curves are shown; kept when the list changes.
    var selected: Int?
    /// A run that was asked for before the list knew it.
    var awaited: Int?
    var curves: RunCurves?
    var window = StepWindow()
    var axis = HorizontalAxis()
    var smoothing = Smoothing.none
    /// The metric of the large chart.
    var metric = "loss"
    /// Whether all metrics have charts, and which of them is chosen.
    var showsAll = false
    var grid = ListState()
    /// Only metrics with this in their names are shown; with `!` before it, those without.
    var filter = ""
    /// Runs laid over the selected one, in the order of their letters.
    var marked: [Int] = []
    /// Whether differences from the marked runs are shown instead.
    var showsDifference = false
    /// The step of the cross-hair.
    var cursor: Int?
    /// Where the mouse went down, and where it is now, in columns of the large chart.
    var brush: ClosedRange<Int>?
    var side = Side.events
    var sideLines: [String] = []
    var sideScroll = ScrollState()
    var isLogarithmic = false
    /// Whether the axis reaches to the highest spike, however flat that makes the curve.
    var showsPeaks = false
    var events = ListState()
    var dialog: Question?
    /// What the world was asked to watch.
    var watched: RunQuery?

    /// The run whose curves are shown.
    var run: RunRow? { rows?.first { $0.number == selected } }

    /// The curves, if they are those of the selected run.
    var ownCurves: RunCurves? { curves.flatMap { $0.number == selected ? $0 : nil } }

    /// The event that has the cross-hair.
    var event: EventRow? {
      guard let events = ownCurves?.events, events.indices.contains(self.events.selection) else {
        return nil
      }
      return events[self.events.selection]
    }

    var sideTitle: String {
      switch side {
      case .events: "Events"
      case .log: "Log, its end"
      case .system: "System"
      case .configuration:
        overlays.first.map { other in
          "Configuration, where \(letter(of: other) ?? "") \(Format.experiment(other)) has another"
        } ?? "Configuration"
      }
    }

    /// The metrics that the filter lets through.
    var metrics: [String] {
      let all = ownCurves?.metrics ?? []
      let isInverse = filter.hasPrefix("!")
      let text = isInverse ? filter.dropFirst() : filter[...]
      guard !text.isEmpty else { return all }
      return all.filter { $0.contains(text) != isInverse }
    }

    /// The nearest run before or after the selected one that has no spikes.
    var calmRun: Int? {
      let calm = (rows ?? []).filter { $0.spikes == 0 && $0.number != selected && $0.step > 0 }
      return (calm.first { $0.number < selected ?? 0 } ?? calm.last)?.number
    }

    /// Runs laid over the selected one, without itself.
    var overlays: [Int] { marked.filter { $0 != selected } }

    /// The letter by which a marked run is known; `nil` if it is not marked.
    func letter(of run: Int) -> String? {
      marked.firstIndex(of: run).map {
        String(Character(Unicode.Scalar(UInt8(65 + min($0, 20)))))
      }
    }

    /// The boxes Tab goes through.
    var boxes: [Box] { [.list, .curve, .events] }

    /// The first metric that is visible where all have charts.
    func gridTop(page: Int) -> Int {
      let page = max(1, page)
      return grid.selection / page * page
    }

    /// Puts the cross-hair on a dot column of the large chart, as near as it has one.
    mutating func placeCursor(column: Int) {
      guard let edges = ownCurves?.edges, edges.count > 1 else { return }
      let column = max(0, min(column, edges.count - 2))
      // The last step of the column, whose value a curve ends on there.
      cursor = max(edges[column], edges[column + 1] - 1)
    }

    /// Lays a run over the others, or takes it away.
    mutating func toggleMark(_ run: Int) {
      if let place = marked.firstIndex(of: run) {
        marked.remove(at: place)
      } else {
        marked.append(run)
      }
    }

    /// Puts something in the place of the events.
    mutating func show(_ side: Side) {
      self.side = side
      (sideLines, sideScroll) = ([], ScrollState())
    }

    /// Puts the selection where the selected run stands now.
    mutating func placeSelection() {
      let rows = rows ?? []
      if let awaited, rows.contains(where: { $0.number == awaited }) {
        selected = awaited
        self.awaited = nil
      }
      selected = list.keep(selected, of: rows.map(\.number), page: RunsLayout(self).listPage)
    }
  }
}

/// A run in the list.
struct RunRow: Sendable, Equatable {
  var number: Int
  var slug: String
  var state: RunState
  /// Updates done, and to do in all if the configuration says so.
  var step: Int
  var totalSteps: Int?
  var loss: Measure?
  var spikes: Int
  /// Whether there is a checkpoint to chat with.
  var hasCheckpoint: Bool

  /// As its folder is called.
  var name: String { "\(Format.experiment(number))_\(slug)" }
}

/// The stretch of steps that is shown.
struct StepWindow: Sendable, Equatable {
  /// How many steps; `nil`: all there are.
  var span: Int?
  /// The step after the last one shown; `nil`: the newest, followed as it grows.
  var end: Int?

  var isFollowing: Bool { end == nil }

  /// The steps to show of a run that has reached `lastStep`.
  func range(lastStep: Int) -> Range<Int> {
    let newest = lastStep + 1
    guard let span else { return 0..<max(1, newest) }
    let end = max(min(span, newest), min(end ?? newest, newest))
    return max(0, end - span)..<max(1, end)
  }

  /// The least span that still shows anything.
  static let least = 8

  /// Half as many steps, with the same middle, or the same end while following.
  mutating func zoomIn(lastStep: Int) {
    let range = range(lastStep: lastStep)
    let half = max(Self.least, range.count / 2)
    if !isFollowing { end = range.upperBound - (range.count - half) / 2 }
    span = half
  }

  /// Twice as many steps; all, once they fit.
  mutating func zoomOut(lastStep: Int) {
    let range = range(lastStep: lastStep)
    let double = range.count * 2
    guard double <= lastStep else {
      self = StepWindow()
      return
    }
    if !isFollowing { end = min(lastStep + 1, range.upperBound + range.count / 2) }
    span = double
  }

  /// Moves by a quarter of what is shown; at the newest step it follows again.
  mutating func move(_ direction: Int, lastStep: Int) {
    let range = range(lastStep: lastStep)
    let moved = range.upperBound + direction * max(1, range.count / 4)
    span = range.count
    end = moved > lastStep ? nil : max(range.count, moved)
  }

  /// Shows these steps and no others.
  mutating func show(_ steps: Range<Int>, lastStep: Int) {
    span = max(Self.least, steps.count)
    end = steps.upperBound > lastStep ? nil : max(span ?? 0, steps.upperBound)
  }

  /// Half or twice as many steps, those around `step` staying where they are.
  mutating func zoom(isIn: Bool, around step: Int, lastStep: Int) {
    let range = range(lastStep: lastStep)
    let count = max(Self.least, isIn ? range.count / 2 : range.count * 2)
    guard count < lastStep else {
      self = StepWindow()
      return
    }
    let share = Double(step - range.lowerBound) / Double(max(1, range.count))
    let begin = max(0, step - Int(Double(count) * min(1, max(0, share))))
    show(begin..<begin + count, lastStep: lastStep)
  }

  /// Shows the surroundings of a step.
  mutating func show(_ step: Int, lastStep: Int) {
    let count = span ?? max(Self.least, (lastStep + 1) / 4)
    span = count
    end = min(lastStep + 1, max(count, step + count / 2))
  }
}

/// What the pane wants to see of a run.
struct RunQuery: Sendable, Equatable {
  var number: Int
  var window: StepWindow
  /// Dot columns of the large chart and of the small charts.
  var columns: Int
  var smallColumns: Int
  /// The metrics of the one and of the others.
  var metric = "loss"
  var smallMetrics: [String] = RunQuery.usual
  var axis = HorizontalAxis()
  var smoothing = Smoothing.none
  /// Runs laid over it, with their letters.
  var overlays: [Overlay] = []
  var isDifference = false
  /// The step of the cross-hair.
  var cursor: Int?
  var side = RunsPane.State.Side.events

  struct Overlay: Sendable, Equatable {
    var number: Int
    var letter: String
  }

  /// What the small charts show unless all are asked for.
  static let usual = ["learning_rate", "gradient_norm", "tokens_per_second"]
}
