public import Base
public import Generation
public import Lab
import Training

/// A model, found by the name a user gives it: a Hugging Face folder, a GGUF file, an experiment's number, or
/// NUMBER@STEP.
public struct ModelReference: Equatable, Sendable {
  /// The Hugging Face folder, or the GGUF file.
  public let folder: Path
  /// The name people see: the folder's, or `0004@1000`.
  public let name: String
  public let experiment: Int?
  /// Updates it was trained for, if an experiment of the workspace made it.
  public let step: Int?
  /// What is to be said about the choice: the damaged checkpoints that were passed over, one line each.
  public let warnings: [String]

  private init(
    folder: Path, name: String, experiment: Int?, step: Int?, warnings: [String] = []
  ) {
    self.folder = folder
    self.name = name
    self.experiment = experiment
    self.step = step
    self.warnings = warnings
  }

  /// Finds a model.
  ///
  /// - Parameter workspace: where numbers are looked up; `nil`: only folders are found.
  /// - Throws: `Failure` saying what was looked for.
  public init(_ text: String, in workspace: Workspace?) throws {
    if !Files.exists(Path(text)), let (number, step) = Self.number(text) {
      guard let workspace else {
        throw Failure(
          "experiment \(number) cannot be looked up without a workspace",
          remedy: "Name one with --workspace, or name a model's folder.")
      }
      try self.init(experiment: number, step: step, in: workspace)
      return
    }
    let path = Path(text).absolute
    let stored = workspace.map { $0.models / text }
    let folder = Files.exists(path) ? path : stored.flatMap { Files.exists($0) ? $0 : nil }
    guard let folder else {
      throw Failure(
        "there is no model '\(Sanitiser.visible(text))'",
        remedy: "Name a Hugging Face folder, a GGUF file, an experiment's number, or NUMBER@STEP.")
    }
    self.init(folder: folder, name: folder.name, experiment: nil, step: nil)
  }

  /// `NUMBER` or `NUMBER@STEP`.
  private static func number(_ text: String) -> (Int, step: Int?)? {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count <= 2, let number = Int(parts[0]), number > 0 else { return nil }
    guard parts.count == 2 else { return (number, nil) }
    return Int(parts[1]).map { (number, $0) }
  }

  /// The newest checkpoint of an experiment whose model is undamaged, or that of a step.
  ///
  /// - Throws: `Failure` if there is none.
  public init(experiment number: Int, step: Int?, in workspace: Workspace) throws {
    let folder = try Experiments(workspace).folder(of: number)
    let checkpoints = Checkpoint.all(in: folder.checkpoints)
    let wanted = checkpoints.filter { step == nil || $0.step == step }
    var damaged: [String] = []
    for found in wanted {
      do { try found.verifyModel() } catch {
        damaged.append("\(workspace.relative(found.folder)) is passed over: \(oneLine(error))")
        continue
      }
      self.init(
        folder: found.folder, name: "\(Format.pad(number, 4))@\(found.step)", experiment: number,
        step: found.step, warnings: damaged)
      return
    }
    let others = checkpoints.filter { step != nil && $0.step != step }.prefix(8)
    let have = others.map { String($0.step) }.joined(separator: ", ")
    guard damaged.isEmpty else {
      throw Failure(
        "experiment \(number) has no good checkpoint\(Self.of(step)): \(damaged[0])",
        remedy: have.isEmpty ? "Resume its run to make one anew." : "It has those of \(have).")
    }
    throw Failure(
      "experiment \(number) has no checkpoint\(Self.of(step))",
      remedy: have.isEmpty ? "Wait until its run has saved one." : "It has those of \(have).")
  }

  private static func of(_ step: Int?) -> String { step.map { " of step \($0)" } ?? "" }

  /// Loads it onto the context's device.
  public func load(_ context: WorkContext) throws -> LlamaLanguageModel {
    try LlamaLanguageModel(folder: folder, on: try context.device())
  }
}
