public import Base
public import Tensors

/// A folder that Hugging Face's transformers opens, with the trainer's own state beside the model.
///
/// It is written under a name that begins with a dot and gets its final name last, so that a torn one is
/// never chosen. `state/manifest.json` holds a SHA-256 for every other file.
public struct Checkpoint: Equatable, Sendable {
  public let folder: Path
  /// Updates done when it was written.
  public let step: Int

  /// The checkpoint in `folder`, if its name is one's.
  public init?(_ folder: Path) {
    guard folder.name.hasPrefix("step-"), let step = Int(folder.name.dropFirst(5)),
      folder.name == Self.name(step: step)
    else {
      return nil
    }
    self.folder = folder
    self.step = step
  }

  /// The name of a step's folder: `step-00001000`.
  public static func name(step: Int) -> String { "step-" + Format.pad(step, 8) }

  /// The checkpoints in `folder`, newest first.
  public static func all(in folder: Path) -> [Checkpoint] {
    let names = (try? Files.list(folder)) ?? []
    return names.compactMap { Checkpoint(folder / $0) }.sorted { $0.step > $1.step }
  }

  /// Compares every file with the manifest.
  ///
  /// - Throws: ``Failure`` naming the file that is damaged or missing.
  public func verify() throws { try verify { _ in true } }

  /// Compares the files of the model and its tokenizer with the manifest; the trainer's own state is not read.
  ///
  /// - Throws: ``Failure`` naming the file that is damaged or missing.
  public func verifyModel() throws { try verify { !$0.hasPrefix("state/") } }

  private func verify(_ isWanted: (String) -> Bool) throws {
    let manifest = folder / "state/manifest.json"
    guard let files = try JSON.read(manifest)["files"]?.object, files.count > 0 else {
      throw Failure("\(manifest) lists no files", remedy: "Resume from an earlier checkpoint.")
    }
    for (name, hash) in files where isWanted(name) {
      let found = try? SHA256.hex(ofFile: folder / name)
      guard let found, found == hash.string else {
        throw Failure(
          "\(folder / name) is \(Files.exists(folder / name) ? "damaged" : "missing")",
          remedy: "Resume from an earlier checkpoint.")
      }
    }
  }

  /// The trainer's state.
  public func state(policy: SpikePolicy) throws -> TrainerState {
    let file = folder / "state/trainer.json"
    return try TrainerState(try JSON.read(file), policy: policy, file: file.string)
  }

  /// Reads the optimiser's moments back, however many files and stretches hold them.
  ///
  /// - Throws: ``Failure`` if a part does not fit a parameter, or one is not covered once and whole.
  public func loadMoments(into optimizer: Optimizer) throws {
    try MomentFiles(folder: folder / "state").load(into: optimizer)
  }

  /// Writes a checkpoint. If a whole one of that step is there, it stays: the same step gives the same.
  ///
  /// - Parameters:
  ///   - checkpoints: the folder that takes it.
  ///   - writeModel: puts the Hugging Face files into the folder it is given.
  ///   - willCommit: called before the final name; what it throws ends the writing.
  /// - Throws: ``Failure`` (a full disk, for one); no checkpoint appears then.
  public static func write(
    step: Int, to checkpoints: Path, state: TrainerState, optimizer: Optimizer,
    writeModel: (Path) throws -> Void, willCommit: () throws -> Void
  ) throws -> Checkpoint {
    let final = checkpoints / name(step: step)
    let draft = checkpoints / ".\(name(step: step))"
    if let standing = Checkpoint(final), Files.exists(final) {
      if (try? standing.verify()) != nil { return standing }
      try setAside(standing)
    }
    try Files.makeDirectory(checkpoints)
    // Weights and two moments in float32, and room for the small files.
    try Files.requireFree(
      12 * optimizer.parameters.count + 1 << 24, at: checkpoints, for: "a checkpoint")
    try Files.remove(draft)
    try Files.makeDirectory(draft / "state")
    do {
      try writeModel(draft)
      try MomentFiles(folder: draft / "state").write(optimizer)
      try Files.write(state.json.text(pretty: true) + "\n", to: draft / "state/trainer.json")
      try Files.write(
        try manifest(of: draft).text(pretty: true) + "\n", to: draft / "state/manifest.json")
      for folder in [draft / "state", draft] { try Files.sync(folder) }
      try willCommit()
      try Files.rename(draft, to: final)
      try Files.sync(checkpoints)
    } catch {
      try? Files.remove(draft)
      throw error
    }
    guard let checkpoint = Checkpoint(final) else { preconditionFailure("\(final) is no name") }
    return checkpoint
  }

  /// Removes all but the newest `count`; 0 keeps all.
  public static func prune(_ checkpoints: Path, keeping count: Int) throws {
    guard count > 0 else { return }
    for checkpoint in all(in: checkpoints).dropFirst(count) {
      // Under a dotted name first, so that a removal cut short leaves no torn checkpoint.
      let dying = checkpoints / ".old-\(checkpoint.folder.name)"
      try Files.remove(dying)
      try Files.rename(checkpoint.folder, to: dying)
      try Files.remove(dying)
    }
  }

  /// Takes a damaged checkpoint out of the choice, and keeps it for who wants to look.
  public static func setAside(_ checkpoint: Checkpoint) throws {
    let folder = checkpoint.folder
    let aside = folder.parent / ".damaged-\(folder.name)"
    try Files.remove(aside)
    try Files.rename(folder, to: aside)
  }

  /// Removes what writing and pruning left behind when they were cut short.
  public static func sweep(_ checkpoints: Path) throws {
    guard Files.isDirectory(checkpoints) else { return }
    for name in try Files.list(checkpoints)
    where name.hasPrefix(".step-") || name.hasPrefix(".old-") {
      try Files.remove(checkpoints / name)
    }
  }

  private static func manifest(of folder: Path) throws -> JSON {
    var files: [(String, JSON)] = []
    for name in try Files.list(folder) where name != "state" {
      files.append((name, .string(try SHA256.hex(ofFile: folder / name))))
    }
    for name in try Files.list(folder / "state") where name != "manifest.json" {
      files.append(("state/\(name)", .string(try SHA256.hex(ofFile: folder / "state" / name))))
    }
    return .object([("files", .object(files))])
  }
}
