import Corpus
import Lab
import Terminal

/// What the pane shows of a run: columns as wide as the charts, not points.
struct RunCurves: Sendable, Equatable {
  typealias Columns = [LineChart.Column?]

  /// One curve of a chart.
  struct Line: Sendable, Equatable {
    /// The run it is of.
    var run: Int
    /// `V` of a validation, the letter of a run laid over it; empty for the run itself.
    var letter = ""
    var columns: Columns
    /// A smoothed value a column; empty if nothing is smoothed.
    var smooth: [Double?] = []
    var last: Measure?
  }

  /// The curves of one metric, the run's own first.
  struct Chart: Sendable, Equatable {
    var metric: String
    var lines: [Line]
    /// Values that a resume or rollback replaced.
    var superseded: Columns = []
    /// Least and greatest finite value of the run, and those that are no numbers or that no logarithm has.
    var minimum, maximum: Double?
    var nonFinite = 0
    var nonPositive = 0

    var isEmpty: Bool { !lines.contains { $0.columns.contains { $0 != nil } } }
    var last: Measure? { lines.first?.last }

    /// What the vertical axis has to hold.
    var columns: [Columns] { lines.map(\.columns) + [superseded] }
  }

  /// A label of the horizontal axis.
  struct Tick: Sendable, Equatable {
    var column: Int
    var text: String
  }

  /// What a run has at the cross-hair.
  struct Reading: Sendable, Equatable {
    var letter: String
    var name: String
    var value: Measure?
  }

  var number: Int
  /// The corpus it trains on.
  var corpus: CorpusRow.Name?
  /// The steps the columns cover.
  var range: Range<Int>
  /// The newest step.
  var lastStep: Int
  /// The step at which each dot column of the large chart begins, and the one after the last.
  var edges: [Int]
  var ticks: [Tick]
  /// The metrics of the run.
  var metrics: [String]
  var main: Chart
  /// In the columns of the small charts.
  var small: [Chart]
  var smallTicks: [Tick] = []
  var smallEdges: [Int] = []
  /// At the step of the cross-hair that was asked for.
  var cursor: Int?
  var readings: [Reading] = []
  /// Tokens read so far.
  var tokens: Double?
  /// From one step to the next, lately.
  var secondsPerStep: Double?
  /// Newest first.
  var events: [EventRow]
  /// What could not be read of the record.
  var problems: [String]

  /// The dot column of a step; `nil` outside of what is shown.
  func column(of step: Int) -> Int? { Self.column(of: step, in: edges) }

  static func column(of step: Int, in edges: [Int]) -> Int? {
    guard let first = edges.first, let last = edges.last, step >= first, step < last else {
      return nil
    }
    var (low, high) = (0, edges.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if edges[middle] <= step { low = middle } else { high = middle }
    }
    return low
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
  /// The documents of its batch, as `corpus show` names them, if the record has them.
  var documents: [DocumentID] = []
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
