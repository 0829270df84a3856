import Base

/// The `trainer_state.json` that Hugging Face's Trainer leaves in each of its checkpoints.
struct HuggingFaceRun: ForeignSource {
  let tool = "Hugging Face Trainer"
  private(set) var totalSteps: Int?

  private let file: Path
  private var status: FileStatus?
  /// What was read last; the file is written anew each time.
  private var history: [JSON] = []

  init(_ file: Path) { self.file = file }

  mutating func readOn() throws -> [ForeignRun.Row] {
    let status = try FileStatus(file)
    guard status != self.status else { return [] }
    let json = try JSON.read(file)
    guard let history = json["log_history"]?.array else {
      throw Failure(
        "\(file) has no log_history", remedy: "Name a trainer_state.json of Hugging Face's Trainer."
      )
    }
    let known = zip(history, self.history).prefix { $0 == $1 }.count
    (self.status, self.history) = (status, history)
    totalSteps = json["max_steps"]?.int
    return history.dropFirst(known).compactMap(Self.row)
  }

  private static func row(_ entry: JSON) -> ForeignRun.Row? {
    guard let fields = entry.object, let step = entry["step"]?.int, step >= 0 else { return nil }
    let values = fields.compactMap { key, value -> (name: String, value: Double)? in
      guard key != "step", let number = number(value) else { return nil }
      return (name: name(key), value: number)
    }
    return values.isEmpty ? nil : ForeignRun.Row(step: step, values: values)
  }

  /// Here `train_loss` is the mean over all of the training, told at its end.
  private static func name(_ key: String) -> String {
    key == "train_loss" ? key : ForeignSources.name(key)
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
