import Lab
import Terminal

/// What the pane shows of a run: columns as wide as the charts, not points.
struct RunCurves: Sendable, Equatable {
  typealias Columns = [LineChart.Column?]

  /// A curve and its newest value.
  struct Curve: Sendable, Equatable {
    var columns: Columns
    var last: Measure?
  }

  var number: Int
  /// The steps the columns cover.
  var range: Range<Int>
  /// The newest step.
  var lastStep: Int
  var loss: Curve
  var validation: Curve
  /// Losses that a resume or rollback replaced.
  var superseded: Columns
  /// In the columns of the small charts.
  var learningRate: Curve
  var gradientNorm: Curve
  var tokensPerSecond: Curve
  /// Tokens read so far.
  var tokens: Double?
  /// From one step to the next, lately.
  var secondsPerStep: Double?
  /// Newest first.
  var events: [EventRow]
  /// What could not be read of the record.
  var problems: [String]

  /// The dot column of a step; `nil` outside the range.
  func column(of step: Int) -> Int? {
    guard range.contains(step), !loss.columns.isEmpty else { return nil }
    return (step - range.lowerBound) * loss.columns.count / range.count
  }
}

/// Something that happened in a run, as the list of events has it.
struct EventRow: Sendable, Equatable {
  var step: Int
  var kind: EventKind
  var text: String
  /// When, in local time.
  var time: String
  var isSuperseded: Bool
  /// Why it was, in lines; empty if the record does not say.
  var why: [String] = []
  /// The newest checkpoint before it, if the record says why it was.
  var checkpoint: Int?
}

extension EventKind {
  /// The role whose colour and sign show the kind.
  var role: Role {
    switch self {
    case .spike: "event.spike"
    case .warning, .skip, .rollback: "event.warning"
    case .error: "event.error"
    default: "event.info"
    }
  }

  /// The sign over the curve, if the kind has one.
  var mark: (role: Role, sign: String)? {
    switch self {
    case .spike: ("chart.spike", "v")
    case .checkpoint: ("chart.checkpoint", ":")
    case .resume: ("chart.resume", ">")
    case .rollback: ("chart.mark", "<")
    case .lr: ("chart.mark", "r")
    default: nil
    }
  }
}
