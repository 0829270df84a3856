import Base

/// The curves of a run that another tool trained, under Kaji's names where it has them.
struct ForeignRun: Equatable, Sendable {
  /// What was logged of one step.
  struct Row: Equatable, Sendable {
    var step: Int
    var values: [(name: String, value: Double)]
    /// Seconds since 1970, if the log tells.
    var time: Double?

    static func == (a: Row, b: Row) -> Bool {
      a.step == b.step && a.time == b.time && a.values.map(\.name) == b.values.map(\.name)
        && zip(a.values, b.values).allSatisfy {
          $0.value == $1.value || $0.value.isNaN && $1.value.isNaN
        }
    }
  }

  /// Of which tool it is, for people.
  var tool: String
  /// The steps it is to have in all; `nil`: not told.
  var totalSteps: Int?
  /// By ascending steps, each once.
  private(set) var rows: [Row] = []

  init(tool: String, totalSteps: Int? = nil) {
    self.tool = tool
    self.totalSteps = totalSteps
  }

  /// Takes in a row; of a step that comes again (after a restart from a checkpoint) the newer counts, and so do all
  /// steps after it: the run went back.
  mutating func add(_ row: Row) {
    if let last = rows.last, row.step == last.step {
      let names = Set(row.values.map(\.name))
      rows[rows.count - 1].values =
        rows[rows.count - 1].values.filter { !names.contains($0.name) } + row.values
      return
    }
    while let last = rows.last, last.step >= row.step { rows.removeLast() }
    rows.append(row)
  }

  /// The names that others give to what Kaji records.
  static func name(_ foreign: String) -> String {
    switch foreign.lowercased() {
    case "loss", "lm loss", "train/loss", "train_loss", "lm-loss-training/lm loss": "loss"
    case "eval_loss", "eval/loss", "val/loss", "val_loss", "validation/loss": "validation_loss"
    case "grad_norm", "grad norm", "train/grad_norm", "grad-norm": "gradient_norm"
    case "learning_rate", "learning rate", "train/learning_rate", "lr", "learning-rate":
      "learning_rate"
    default: foreign
    }
  }

  /// Reads whatever of a run lies at `path`.
  ///
  /// - Throws: `Failure` if it is of no known kind.
  static func read(_ path: Path) throws -> ForeignRun {
    if Files.isDirectory(path) {
      let file = path / "trainer_state.json"
      guard Files.exists(file) else {
        throw Failure(
          "\(path) holds no run of a known kind",
          remedy: "Name a folder with a trainer_state.json, or a Megatron-LM log.")
      }
      return try trainerState(file)
    }
    if path.name.hasSuffix(".json") { return try trainerState(path) }
    return try megatronLog(path)
  }
}
