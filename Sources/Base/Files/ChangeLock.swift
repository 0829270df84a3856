import Synchronization

/// The right to change one small file, held for a moment: `.NAME.lock` beside it, made exclusively.
///
/// Whoever changes a file reads it, changes it and writes it whole; without this the last of two at once would
/// undo what the first did. A holder that died is succeeded: one of this host at once, one of another host when
/// the same lock has been watched for ``patience`` seconds. Only one process can succeed a holder: the one that
/// makes `.NAME.lock.after-TOKEN`, where TOKEN stands for the dead holder's taking. Before writing, a holder looks
/// whether it still is one.
public struct ChangeLock: ~Copyable {
  /// Seconds after which another host's lock counts as left behind: it is held for milliseconds.
  static let patience = 10.0
  /// Seconds after which waiting is given up.
  static let limit = 60.0

  private let path: Path
  private let record: OwnerRecord
  /// Whether dead holders were succeeded, so that their marks are to be removed.
  private var hasSucceeded = false
  /// Keeps the locks of one process apart.
  private static let counter = Atomic<Int>(0)

  /// Waits for the right to change `file`.
  ///
  /// - Throws: ``Failure`` if the folder cannot be written, or others hold the lock all the time.
  public init(on file: Path) throws {
    path = file.parent / ".\(file.name).lock"
    let count = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    record = OwnerRecord(
      process: .current, job: String(count), taken: Int(Timestamp.now().seconds * 1000))
    let begun = monotonicSeconds()
    var watched: (holder: OwnerRecord, since: Double)?
    while true {
      if !Files.exists(path), try Files.writeExclusively(record.bytes, to: path) { return }
      guard let named = try OwnerRecord.read(path) else { continue }
      let holder = try Self.lastSuccessor(of: named, path)
      let now = monotonicSeconds()
      if watched?.holder != holder { watched = (holder, now) }
      let isSilent = now - (watched?.since ?? now) > Self.patience
      if holder.process.isAlive ?? !isSilent {
        guard now - begun < Self.limit else { throw Self.busy(path, holder) }
        sleep(seconds: 0.003)
      } else if try succeed(holder, insteadOf: named) {
        hasSucceeded = true
        return
      }
    }
  }

  private static func busy(_ path: Path, _ holder: OwnerRecord) -> Failure {
    Failure(
      "\(path) is held by \(holder.description)",
      remedy: "Try again; if that process is gone, remove the file.")
  }

  /// Who came last of those that succeeded the holder the file names, each before it could write its own name.
  private static func lastSuccessor(of holder: OwnerRecord, _ path: Path) throws -> OwnerRecord {
    var last = holder
    while let next = try OwnerRecord.read(mark(after: last, path)) { last = next }
    return last
  }

  private static func mark(after holder: OwnerRecord, _ path: Path) -> Path {
    path.parent / "\(path.name).after-\(holder.token)"
  }

  /// Takes the lock of a dead holder; `false` if another process was quicker.
  private func succeed(_ holder: OwnerRecord, insteadOf named: OwnerRecord) throws -> Bool {
    let mark = Self.mark(after: holder, path)
    guard try Files.writeExclusively(record.bytes, to: mark) else { return false }
    // The mark may have been free because a quicker one is done already: then the file names somebody else.
    guard try OwnerRecord.read(path) == named else {
      try Files.remove(mark)
      return false
    }
    try Files.write(record.bytes, to: path)
    return true
  }

  /// Whether the lock is still this holder's; to be asked right before the write.
  public var isHeld: Bool { (try? OwnerRecord.read(path)) == record }

  deinit {
    guard isHeld else { return }
    if hasSucceeded {
      for name in (try? Files.list(path.parent)) ?? [] where name.hasPrefix("\(path.name).after-") {
        try? Files.remove(path.parent / name)
      }
    }
    try? Files.remove(path)
  }
}
