public import Base

/// The folder of one experiment and the places in it.
public struct ExperimentFolder: Hashable, Sendable {
  public let path: Path

  public init(_ path: Path) { self.path = path }

  /// `0001_slug`.
  public var name: String { path.name }
  /// Number, title, purpose, state, notes, provenance.
  public var settings: Path { path / "experiment.yaml" }
  /// The full resolved configuration of its run.
  public var config: Path { path / "config.yaml" }
  public var owner: Path { path / "owner" }
  /// The model that a tuning starts from, kept here because the experiment that made it may remove old ones.
  public var base: Path { path / "base" }
  public var run: Path { path / "run" }
  public var control: Path { path / "control" }
  public var checkpoints: Path { path / "checkpoints" }
  public var scores: Path { path / "scores" }
  public var logs: Path { path / "logs" }

  /// The number in the folder's name; `nil` if the name is no experiment's.
  public var number: Int? { Self.number(name) }

  static func number(_ name: String) -> Int? {
    guard let line = name.firstIndex(of: "_"), name.distance(from: name.startIndex, to: line) >= 4,
      name[..<line].allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(name[..<line])
    else { return nil }
    return number > 0 ? number : nil
  }

  /// The slug of a run whose user gave none: the name of its configuration's file, made fit for a folder.
  public static func slug(for file: Path) -> String {
    let fit = file.stem.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
    let slug = fit.drop { !$0.isLetter && !$0.isNumber }.prefix(40)
    return slug.isEmpty ? "run" : String(slug)
  }

  /// The folder of the checkpoint of a step: `step-00001000`.
  public func checkpoint(_ step: Int) -> Path { checkpoints / "step-\(Format.pad(step, 8))" }

  /// The steps of the complete checkpoints, ascending; one being written begins with a dot.
  public func checkpointSteps() -> [Int] {
    let names = (try? Files.list(checkpoints)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix("step-"), let step = Int(name.dropFirst(5)), step >= 0,
        checkpoint(step).name == name
      else { return nil }
      return step
    }.sorted()
  }
}
