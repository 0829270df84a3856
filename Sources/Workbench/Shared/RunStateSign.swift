import Lab
import Terminal

extension RunState {
  /// The role whose colour and sign show the state.
  var role: Role {
    switch self {
    case .created: "status.queued"
    case .running: "status.running"
    case .paused: "status.paused"
    case .stopped: "status.stopped"
    case .finished: "status.done"
    case .failed: "status.failed"
    case .crashed: "status.lost"
    }
  }

  /// One letter that says the state without colour, unless the theme has another sign.
  private var letter: String {
    switch self {
    case .created: "Q"
    case .running: "R"
    case .paused: "P"
    case .stopped: "S"
    case .finished: "D"
    case .failed: "F"
    case .crashed: "C"
    }
  }

  /// Sign and word, as `R running`.
  func cell(_ theme: Theme) -> TableCell {
    TableCell("\(theme.glyph(role, else: letter)) \(rawValue)", style: theme[role])
  }
}
