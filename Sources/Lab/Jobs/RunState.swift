/// What has become of an experiment.
public enum RunState: String, Sendable, CaseIterable {
  /// Registered; nothing has run yet.
  case created
  case running
  /// Alive, waiting for `runs continue`.
  case paused
  /// Saved before its end; a resume goes on.
  case stopped
  case finished
  case failed
  /// Its process is gone, or silent on another host, and left no word.
  case crashed

  /// Whether a process is at work.
  public var isLive: Bool { self == .running || self == .paused }

  /// The state that the text of an `end` event gives.
  init?(endText text: String) {
    let word = text.prefix { $0 != ":" && $0 != " " }
    guard let state = RunState(rawValue: String(word)),
      [.stopped, .finished, .failed].contains(state)
    else { return nil }
    self = state
  }
}
