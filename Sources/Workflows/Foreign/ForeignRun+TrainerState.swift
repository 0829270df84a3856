import Base

extension ForeignRun {
  /// Reads the `trainer_state.json` that Hugging Face's Trainer leaves in each of its checkpoints.
  ///
  /// - Throws: `Failure` naming the file, if it is none.
  static func trainerState(_ file: Path) throws -> ForeignRun {
    let json = try JSON.read(file)
    guard let history = json["log_history"]?.array else {
      throw Failure(
        "\(file) has no log_history", remedy: "Name a trainer_state.json of Hugging Face's Trainer."
      )
    }
    var run = ForeignRun(tool: "Hugging Face Trainer", totalSteps: json["max_steps"]?.int)
    for entry in history {
      guard let fields = entry.object, let step = entry["step"]?.int, step >= 0 else { continue }
      let values = fields.compactMap { key, value -> (name: String, value: Double)? in
        guard key != "step", let number = number(value) else { return nil }
        return (name: name(key), value: number)
      }
      if !values.isEmpty { run.add(Row(step: step, values: values)) }
    }
    return run
  }

  /// A number, or one of the words Python writes for what is none.
  private static func number(_ value: JSON) -> Double? {
    switch value.string {
    case "NaN", "nan": .nan
    case "Infinity", "inf": .infinity
    case "-Infinity", "-inf": -.infinity
    default: value.double
    }
  }
}
