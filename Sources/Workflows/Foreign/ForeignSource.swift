import Base

/// Where another tool writes what it measures of a run.
protocol ForeignSource {
  /// Of which tool it is, for people.
  var tool: String { get }
  /// The steps that the run is to have in all; `nil`: not told.
  var totalSteps: Int? { get }
  /// The exit status of its process; `nil`: it runs, or nothing tells.
  var exitStatus: Int? { get }

  /// Reads what is new since the last time, in the order in which it was written.
  ///
  /// - Throws: `Failure` if it cannot be read, or there has been nothing of a run in it.
  mutating func readOn() throws -> [ForeignRun.Row]
}

extension ForeignSource {
  var exitStatus: Int? { nil }
}

/// The kinds of runs that are known.
enum ForeignSources {
  /// Opens whatever of a run lies at `path`.
  ///
  /// - Throws: `Failure` if it is of no known kind.
  static func open(_ path: Path) throws -> any ForeignSource {
    if Files.isDirectory(path) {
      if try Files.list(path).contains(where: TensorBoardRun.isFile) { return TensorBoardRun(path) }
      if let file = try Files.list(path).first(where: WandbRun.isFile) {
        return WandbRun(path / file)
      }
      let file = path / "trainer_state.json"
      guard Files.exists(file) else {
        throw Failure(
          "\(path) holds no run of a known kind",
          remedy:
            "Name a folder with TensorBoard files, a W&B file or a trainer_state.json, or a Megatron-LM log."
        )
      }
      return HuggingFaceRun(file)
    }
    if WandbRun.isFile(path.name) { return WandbRun(path) }
    if TensorBoardRun.isFile(path.name) { return TensorBoardRun(path) }
    if path.name.hasSuffix(".json") { return HuggingFaceRun(path) }
    return MegatronLog(path)
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
}
