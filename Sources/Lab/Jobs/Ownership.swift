public import Base
import Synchronization

/// The right of one process to run an experiment, kept alive by touching its `owner` file.
///
/// Who takes over a dead holder's run first makes `.owner-after-TOKEN`, where TOKEN stands for the dead
/// holder's taking: exclusively, so that of several only one succeeds a holder. Locks are not used, because
/// between hosts they cannot be trusted.
public final class Ownership: Sendable {
  /// Seconds between two touches of the file.
  public static let heartbeat = 15.0
  /// Seconds after which an untouched file of another host counts as left behind.
  public static let patience = 120.0

  private let folder: ExperimentFolder
  /// What the file says while this process holds the run.
  public let record: OwnerRecord
  private let lost: CancellationFlag
  private let ticker: Mutex<Ticker?>

  private init(_ folder: ExperimentFolder, _ record: OwnerRecord) throws {
    self.folder = folder
    self.record = record
    let lost = CancellationFlag()
    self.lost = lost
    let path = folder.owner
    ticker = Mutex(
      try Ticker(every: Self.heartbeat) {
        switch Result(catching: { try OwnerRecord.read(path) }) {
        case .success(record): try? Files.touch(path)
        case .success: lost.cancel()
        // What cannot be read now may be again: a server that restarts is no other owner.
        case .failure: break
        }
      })
  }

  /// Takes an experiment for this process.
  ///
  /// A holder of this host that is dead is succeeded at once, one of another host when its file has not been
  /// touched for ``patience`` seconds.
  ///
  /// - Parameters:
  ///   - job: the batch system's number of the job, or empty.
  ///   - takeover: succeed a holder of another host without waiting.
  /// - Throws: ``Failure`` naming the holder.
  public static func take(
    _ folder: ExperimentFolder, job: String = "", takeover: Bool = false,
    process: ProcessIdentity = .current
  ) throws -> Ownership {
    let record = OwnerRecord(
      process: process, job: job, taken: Int(Timestamp.now().seconds * 1000))
    // Between looking and taking the holder may give up, so that there is nobody to succeed: look again.
    for _ in 0..<10 {
      if try Files.writeExclusively(record.bytes, to: folder.owner) {
        return try Ownership(folder, record)
      }
      guard var holder = try OwnerRecord.read(folder.owner) else { continue }
      var file = folder.owner
      while true {
        try refuse(holder, file, takeover, folder)
        file = successor(of: holder, folder)
        if try Files.writeExclusively(record.bytes, to: file) {
          try Files.write(record.bytes, to: folder.owner)
          let ownership = try Ownership(folder, record)
          try ownership.verify()
          return ownership
        }
        // Someone else succeeded that holder, and may be dead in turn.
        guard let next = try OwnerRecord.read(file) else { break }
        holder = next
      }
    }
    throw Failure("\(folder.owner) changes hands all the time", remedy: "Try again.")
  }

  /// Throws if the holder may not be succeeded.
  private static func refuse(
    _ holder: OwnerRecord, _ file: Path, _ takeover: Bool, _ folder: ExperimentFolder
  ) throws {
    let number = folder.number ?? 0
    switch holder.process.isAlive {
    case false: return
    case true:
      throw Failure(
        "experiment \(number) is being run by \(holder.description)",
        remedy:
          "Watch it with `kaji runs watch \(number)`, or stop it with `kaji runs stop \(number)`.")
    case nil:
      let age = try untouched(file)
      guard !takeover, age < patience else { return }
      throw Failure(
        "experiment \(number) is held by \(holder.description), which was heard of"
          + " \(Format.duration(age)) ago",
        remedy: "Wait until it was silent for \(Int(patience)) s, or use --takeover if it is gone.")
    }
  }

  /// Seconds since a file was touched, by the clock of its own file system: hosts' clocks differ.
  private static func untouched(_ file: Path) throws -> Double {
    let probe = Temporary.path(for: file)
    try AppendFile(creating: probe).close()
    defer { try? Files.remove(probe) }
    let now = try FileStatus(probe).modified
    return max(0, Double(now - (try FileStatus(file).modified)) * 1e-9)
  }

  private static func successor(of holder: OwnerRecord, _ folder: ExperimentFolder) -> Path {
    folder.path / ".owner-after-\(holder.token)"
  }

  /// Whether the heartbeat has found that the run is another's.
  public var isLost: Bool { lost.isCancelled }

  /// Makes sure that the run is still this process's; to be called before each checkpoint's rename.
  ///
  /// - Throws: ``Failure`` if another process has taken over: then nothing more may be written.
  public func verify() throws {
    let holder = try OwnerRecord.read(folder.owner)
    let isSucceeded = Files.exists(Self.successor(of: record, folder))
    guard holder == record, !isSucceeded, !lost.isCancelled else {
      lost.cancel()
      throw Failure(
        "experiment \(folder.number ?? 0) was taken over by \(holder?.description ?? "someone")",
        remedy:
          "Leave it to that process; what this one did since its last checkpoint is superseded.")
    }
  }

  /// Gives the run up; called when the work is over. Nothing happens if it is another's.
  public func release() {
    ticker.withLock { $0 = nil }
    guard !lost.isCancelled, (try? OwnerRecord.read(folder.owner)) == record else { return }
    lost.cancel()
    try? Files.remove(folder.owner)
    // Whoever held it before this process is over for good.
    for name in (try? Files.list(folder.path)) ?? [] where name.hasPrefix(".owner-after-") {
      try? Files.remove(folder.path / name)
    }
  }

  deinit { release() }
}
