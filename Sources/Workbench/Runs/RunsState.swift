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
    }

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

    /// The boxes Tab goes through.
    var boxes: [Box] { [.list, .curve, .events] }

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
  /// Dot columns of the loss chart and of the small charts.
  var columns: Int
  var smallColumns: Int
}
