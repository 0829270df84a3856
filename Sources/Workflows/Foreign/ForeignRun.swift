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
  /// The exit status of its process, if its files tell.
  var exitStatus: Int?
  /// By ascending steps, each once.
  private(set) var rows: [Row] = []

  init(tool: String, totalSteps: Int? = nil) {
    self.tool = tool
    self.totalSteps = totalSteps
  }

  /// Takes in a row.
  ///
  /// A curve that comes again at an earlier step has been begun anew from a checkpoint: what was known of that step
  /// and all later ones counts no more. Another curve of an earlier step joins what is known of it.
  mutating func add(_ row: Row) {
    guard let last = rows.last, row.step <= last.step else { return rows.append(row) }
    let place = (rows.lastIndex { $0.step < row.step } ?? -1) + 1
    let names = Set(row.values.map(\.name))
    if row.step < last.step,
      rows[place...].contains(where: { $0.values.contains { names.contains($0.name) } })
    {
      rows.removeSubrange(place...)
      rows.append(row)
    } else if rows[place].step == row.step {
      rows[place].values = rows[place].values.filter { !names.contains($0.name) } + row.values
    } else {
      rows.insert(row, at: place)
    }
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
      let events = try Files.list(path).filter(isTensorBoard)
      if !events.isEmpty { return try tensorBoard(events.map { path / $0 }) }
      if let file = try wandbFile(in: path) { return try wandb(file) }
      let file = path / "trainer_state.json"
      guard Files.exists(file) else {
        throw Failure(
          "\(path) holds no run of a known kind",
          remedy:
            "Name a folder with TensorBoard files or a trainer_state.json, or a Megatron-LM log.")
      }
      return try trainerState(file)
    }
    if isWandb(path.name) { return try wandb(path) }
    if isTensorBoard(path.name) { return try tensorBoard([path]) }
    if path.name.hasSuffix(".json") { return try trainerState(path) }
    return try megatronLog(path)
  }
}
