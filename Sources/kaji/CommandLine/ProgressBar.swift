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
      let text = Self.text(state, seconds: now - shown.start, since: shown.startDone)
      Self.isOpen.store(!finished, ordering: .relaxed)
      return "\r\u{1B}[K" + text + (finished ? "\n" : "")
    }
    if let line { Output.write(line, to: 2) }
  }

  /// One line of at most 79 columns.
  static func text(_ state: ProgressState, seconds: Double, since start: Int) -> String {
    var parts = [Format.padRight(state.stage, 22)]
    if let total = state.total, total > 0 {
      let filled = min(16, 16 * max(0, state.done) / total)
      let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 16 - filled)
      parts.append("[\(bar)] \(state.done)/\(total)")
    } else {
      parts.append(Format.count(state.done))
    }
    if !state.unit.isEmpty { parts.append(state.unit) }
    if !state.note.isEmpty { parts.append(state.note) }
    let done = state.done - start
    if seconds > 0.5, done > 0, let total = state.total, total > state.done {
      parts.append("ETA " + Format.duration(seconds * Double(total - state.done) / Double(done)))
    } else if state.total.map({ state.done >= $0 }) ?? false {
      parts.append(Format.duration(seconds))
    }
    return String(Sanitiser.visible(parts.joined(separator: " ")).prefix(79))
  }
}
