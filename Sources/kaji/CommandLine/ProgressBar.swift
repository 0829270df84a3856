import Base
import Synchronization

/// A bar on standard error: what is happening, how far, how fast, how long still.
final class ProgressBar: ProgressReporter {
  private struct Shown {
    var stage = ""
    var start = 0.0
    var startDone = 0
    var last = -1.0
  }

  private let shown = Mutex(Shown())
  /// Whether a bar stands on the terminal's last line.
  private static let isOpen = Atomic<Bool>(false)

  /// Leaves the line of a bar that stands there, so that something else can be printed.
  static func leave() {
    if isOpen.exchange(false, ordering: .relaxed) { Output.write("\n", to: 2) }
  }

  /// Clears the line of a bar that stands there: it comes again with its next update.
  static func clear() {
    if isOpen.exchange(false, ordering: .relaxed) { Output.write("\r\u{1B}[K", to: 2) }
  }

  func update(_ state: ProgressState) {
    let now = monotonicSeconds()
    let line: String? = shown.withLock { shown in
      let isNew = shown.stage != state.stage
      if isNew {
        shown = Shown(stage: state.stage, start: now, startDone: state.done, last: -1)
      }
      let finished = state.total.map { state.done >= $0 } ?? false
      guard isNew || finished || now - shown.last > 0.1 else { return nil }
      shown.last = now
      let text = Self.text(
        state, seconds: now - shown.start, since: shown.startDone, columns: Output.errorColumns)
      Self.isOpen.store(!finished, ordering: .relaxed)
      return "\r\u{1B}[K" + text + (finished ? "\n" : "")
    }
    if let line { Output.write(line, to: 2) }
  }

  /// One line that leaves the terminal's last column free.
  ///
  /// Stage, note and time are what is looked for, so what is short of room goes in this order: the bar, the
  /// unit, the count, and only then an end of the stage or the note.
  static func text(
    _ state: ProgressState, seconds: Double, since start: Int, columns: Int = 80
  ) -> String {
    let room = max(1, columns - 1)
    let note = Sanitiser.visible(state.note)
    let time = time(state, seconds, since: start)
    let rest = (note.isEmpty ? "" : " " + note) + (time.isEmpty ? "" : " " + time)
    let stage = Sanitiser.visible(state.stage)
    let count = state.total.map { "\(state.done)/\($0)" } ?? Format.count(state.done)
    let unit = state.unit.isEmpty ? "" : " " + Sanitiser.visible(state.unit)
    let whole = Format.padRight(stage, 22) + " \(bar(state, 16))\(count)\(unit)" + rest
    guard whole.count > room else { return whole }
    for counted in [" \(count)\(unit)", " \(count)", ""] {
      let free = room - stage.count - counted.count - rest.count
      guard free >= 0 else { continue }
      let drawn = counted.isEmpty ? "" : bar(state, min(16, free - 3))
      return stage + (drawn.isEmpty ? counted : " " + drawn + counted.dropFirst()) + rest
    }
    let kept = max(0, room - time.count - (time.isEmpty ? 0 : 1))
    let words = String((stage + (note.isEmpty ? "" : " " + note)).prefix(kept))
    return String((words + (time.isEmpty ? "" : " " + time)).prefix(room))
  }

  /// The bar with `cells` cells and a space behind it; nothing if too few are left, or the end is not known.
  private static func bar(_ state: ProgressState, _ cells: Int) -> String {
    guard cells >= 4, let total = state.total, total > 0 else { return "" }
    let share = min(1, Double(max(0, state.done)) / Double(total))
    let filled = Int(share * Double(cells))
    return "[" + String(repeating: "#", count: filled)
      + String(repeating: ".", count: cells - filled) + "] "
  }

  /// How long still, or, once all is done, how long it took.
  private static func time(_ state: ProgressState, _ seconds: Double, since start: Int) -> String {
    guard let total = state.total else { return "" }
    guard total > state.done else { return Format.duration(seconds) }
    let done = state.done - start
    guard seconds > 0.5, done > 0 else { return "" }
    return "ETA " + Format.duration(seconds * Double(total - state.done) / Double(done))
  }
}
