import Base
import Terminal

/// A model that was evaluated.
struct ScoreModel: Hashable, Sendable {
  /// As `0004@1000`, or a folder's name.
  var name: String
  var hash: String
}

/// All scores of the workspace.
struct ScoreBoard: Equatable, Sendable {
  var models: [ScoreModel]
  /// The categories, "average" last.
  var columns: [String]
  /// 0 to 1; `nil` where nothing was measured.
  var rows: [[Double?]]
  var chance: [Double?]

  /// Whether no model is better than `row` in `column`, and one is worse.
  func isBest(_ row: Int, _ column: Int) -> Bool {
    guard let value = rows[row][column] else { return false }
    let others = rows.compactMap { $0[column] }
    return others.allSatisfy { $0 <= value } && others.contains { $0 < value }
  }

  /// The category of a column; `nil` for the average.
  func category(_ column: Int) -> String? {
    columns.indices.contains(column) && columns[column] != "average" ? columns[column] : nil
  }
}

/// The samples of one model in one category.
struct SampleSet: Equatable, Sendable {
  var model: ScoreModel
  var category: String?
  var samples: [ScoredSample]
  /// Samples that the level of their task forbids to show.
  var withheld: Int
}

/// One sample, its texts readable only if the task's level allows it.
struct ScoredSample: Equatable, Sendable {
  /// `unanswered`: the model was not asked, since the prompt did not fit; `none`: nobody judged.
  enum Verdict: Sendable, Equatable { case right, wrong, partly, unanswered, none }

  var task: String
  var index: Int
  var level: ReleaseLevel
  var prompt: String
  var output: String
  var expected: String
  var metric: String
  var score: Double?
  var verdict: Verdict

  /// - Returns: `nil` if the level forbids showing it.
  init?(
    task: String, index: Int, level: ReleaseLevel, prompt: String, output: String,
    expected: String, metric: String, score: Double?, verdict: Verdict
  ) {
    guard level.allows(.show) else { return nil }
    self.task = task
    self.index = index
    self.level = level
    self.prompt = prompt
    self.output = output
    self.expected = expected
    self.metric = metric
    self.score = score
    self.verdict = verdict
  }
}

extension ScoresPane {
  struct State: PaneState {
    enum Box: Sendable { case table, samples, detail }

    struct Asked: Sendable, Equatable {
      var model: ScoreModel
      /// `nil`: all.
      var category: String?
    }

    var size = Size(width: 80, height: 22)
    var focus = Box.table
    /// `nil` until the workspace was read.
    var board: ScoreBoard?
    var list = ListState()
    /// The chosen model; kept when the table changes.
    var model: ScoreModel?
    /// The chosen column of the table.
    var column = 0
    /// Models another pane asked to see, marked until the next such request.
    var marked: Set<ScoreModel> = []
    /// Models asked for before their scores were read.
    var awaited: [String] = []
    /// Whose samples, of which category, are shown or being read.
    var asked: Asked?
    /// The samples, once they have come.
    var samples: SampleSet?
    var showsWrongOnly = false
    var sampleList = ListState()
    var scroll = ScrollState()

    /// The samples in the list.
    var shown: [ScoredSample] {
      let all = samples?.samples ?? []
      return showsWrongOnly ? all.filter { $0.verdict != .right } : all
    }

    /// The chosen sample.
    var sample: ScoredSample? {
      let shown = shown
      return shown.indices.contains(sampleList.selection) ? shown[sampleList.selection] : nil
    }

    /// The boxes that are on the screen.
    var boxes: [Box] { asked == nil ? [.table] : [.table, .samples, .detail] }
  }
}
