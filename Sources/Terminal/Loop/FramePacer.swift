/// Decides when the next frame may be drawn.
///
/// News from tasks are shown at most 20 times a second. A key is answered at once, but for a pause
/// that lets a burst of repeats become one frame. When the terminal is slow to take a frame the
/// pauses grow with it, down to two frames a second.
struct FramePacer {
  /// Seconds between frames that only messages asked for.
  static let messagePause = 0.05
  /// Seconds between frames that a key asked for.
  static let keyPause = 0.008
  /// A frame that took longer than this, in seconds, met a terminal that cannot keep up.
  static let slowFrame = 0.05
  /// The longest pause, in seconds.
  static let longestPause = 0.5

  private var lastFrame = -Double.infinity
  private var slowness = 1.0
  private(set) var isDirty = false
  private var isUrgent = false

  /// Something happened that may change the grid.
  mutating func note(isKey: Bool) {
    isDirty = true
    if isKey { isUrgent = true }
  }

  /// Seconds until the next frame is due; `nil` if nothing asks for one.
  func delay(now: Double) -> Double? {
    guard isDirty else { return nil }
    let pause = isUrgent ? Self.keyPause : Self.messagePause
    return max(0, lastFrame + min(Self.longestPause, pause * slowness) - now)
  }

  /// A frame was drawn between `start` and `end` (seconds).
  mutating func drew(from start: Double, to end: Double) {
    lastFrame = start
    isDirty = false
    isUrgent = false
    if end - start > Self.slowFrame {
      slowness = min(Self.longestPause / Self.keyPause, slowness * 2)
    } else {
      slowness = max(1, slowness / 2)
    }
  }
}
