public import Base
import Formats
public import Tensors

/// A folder that Hugging Face's transformers opens, with the trainer's own state beside the model.
///
/// It is written under a name that begins with a dot and gets its final name last, so that a torn one is
/// never chosen; then the link `latest` beside it points to it. `state/manifest.json` holds a SHA-256 for every other
/// file and a CRC-32C for every tensor in them.
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
    let file = folder / "state/manifest.json"
    let manifest = try JSON.read(file)
    guard let files = manifest["files"]?.object, files.count > 0 else {
      throw Failure("\(file) lists no files", remedy: "Resume from an earlier checkpoint.")
    }
    for (name, hash) in files where isWanted(name) {
      let found = try? SHA256.hex(ofFile: folder / name)
      guard let found, found == hash.string else {
        let tensor = TensorSums.damaged(folder / name, manifest["tensors"]?[name])
        throw Failure(
          "\(folder / name) is \(Files.exists(folder / name) ? "damaged" : "missing")"
            + (tensor.map { " in the tensor \(Sanitiser.visible($0))" } ?? ""),
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
    step: Int, to checkpoints: Path, state: TrainerState, numbers: any CheckpointNumbers,
    writeModel: (Path, any CheckpointNumbers) throws -> Void, willCommit: () throws -> Void
  ) throws -> Checkpoint {
    let final = checkpoints / name(step: step)
    let draft = checkpoints / ".\(name(step: step))"
    if let standing = Checkpoint(final), Files.exists(final) {
      if (try? standing.verify()) != nil { return standing }
      try setAside(standing)
    }
    try Files.makeDirectory(checkpoints)
    try Files.requireFree(numbers.fileBytes, at: checkpoints, for: "a checkpoint")
    try Files.remove(draft)
    try Files.makeDirectory(draft / "state")
    do {
      try writeModel(draft, numbers)
      try MomentFiles(folder: draft / "state").write(numbers)
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
    pointLatest(in: checkpoints)
    guard let checkpoint = Checkpoint(final) else { preconditionFailure("\(final) is no name") }
    return checkpoint
  }

  /// Bytes that one takes on the disk.
  public static func bytes(_ optimizer: Optimizer) -> Int {
    LiveNumbers(optimizer: optimizer).fileBytes
  }

  /// Lets `latest` point to the newest checkpoint, for those who open it by that name.
  ///
  /// Nothing here reads it: where the file system has no such links there is none.
  static func pointLatest(in checkpoints: Path) {
    let link = checkpoints / latest
    if let newest = all(in: checkpoints).first {
      try? Files.pointLink(link, to: newest.folder.name)
    } else {
      try? Files.remove(link)
    }
  }

  /// The name of the link to the newest.
  public static let latest = "latest"

  /// Takes a damaged checkpoint out of the choice, and keeps it for who wants to look.
  public static func setAside(_ checkpoint: Checkpoint) throws {
    try hide(checkpoint, as: ".damaged-")
  }

  /// Takes one that a rollback has made void out of the choice, until the next one is written.
  static func supersede(_ checkpoint: Checkpoint) throws {
    try hide(checkpoint, as: superseded)
  }

  private static let superseded = ".superseded-"

  /// Removes those that a rollback has made void.
  static func removeSuperseded(in checkpoints: Path) throws {
    for name in try Files.list(checkpoints) where name.hasPrefix(superseded) {
      try Files.remove(checkpoints / name)
    }
  }

  private static func hide(_ checkpoint: Checkpoint, as prefix: String) throws {
    let folder = checkpoint.folder
    let aside = folder.parent / "\(prefix)\(folder.name)"
    try Files.remove(aside)
    try Files.rename(folder, to: aside)
    pointLatest(in: folder.parent)
  }

  /// Removes what writing and pruning left behind when they were cut short.
  public static func sweep(_ checkpoints: Path) throws {
    guard Files.isDirectory(checkpoints) else { return }
    for name in try Files.list(checkpoints)
    where [".step-", ".old-", superseded, ".\(latest)."].contains(where: name.hasPrefix) {
      try Files.remove(checkpoints / name)
    }
  }

  private static func manifest(of folder: Path) throws -> JSON {
    var names = try Files.list(folder).filter { $0 != "state" }
    names += try Files.list(folder / "state").filter { $0 != "manifest.json" }.map { "state/\($0)" }
    let files = try names.map { ($0, JSON.string(try SHA256.hex(ofFile: folder / $0))) }
    let tensors = try names.filter { $0.hasSuffix(".safetensors") }.map {
      ($0, try TensorSums.of(folder / $0))
    }
    return .object([
      ("files", .object(JSONObject(files))), ("tensors", .object(JSONObject(tensors))),
    ])
  }
}
