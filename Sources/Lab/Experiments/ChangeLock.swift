import Base
import Synchronization

/// The right to change one small file, held for a moment: `.NAME.lock` beside it, made exclusively.
///
/// Whoever changes a file reads it, changes it and writes it whole; without this the last of two at once would
/// undo what the first did. A holder that died is succeeded: one of this host at once, one of another host when
/// the same lock has been watched for ``patience`` seconds. Before writing, a holder looks whether it still is one.
struct ChangeLock: ~Copyable {
  /// Seconds after which another host's lock counts as left behind: it is held for milliseconds.
  static let patience = 10.0
  /// Seconds after which waiting is given up.
  static let limit = 60.0

  private let path: Path
  private let record: OwnerRecord
  /// Keeps the locks of one process apart.
  private static let counter = Atomic<Int>(0)

  /// Waits for the right to change `file`.
  ///
  /// - Throws: ``Failure`` if the folder cannot be written, or others hold the lock all the time.
  init(on file: Path) throws {
    path = file.parent / ".\(file.name).lock"
    let count = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
    record = OwnerRecord(
      process: .current, job: String(count), taken: Int(Timestamp.now().seconds * 1000))
    let begun = monotonicSeconds()
    var watched: (holder: OwnerRecord, since: Double)?
    while true {
      if !Files.exists(path), try Files.writeExclusively(record.bytes, to: path) { return }
      if let holder = try OwnerRecord.read(path) {
        let now = monotonicSeconds()
        if watched?.holder != holder { watched = (holder, now) }
        let isSilent = now - (watched?.since ?? now) > Self.patience
        if holder.process.isAlive ?? !isSilent {
          guard now - begun < Self.limit else { throw Self.busy(path, holder) }
          sleep(seconds: 0.003)
        } else {
          try Self.setAside(holder, path, count)
        }
      }
    }
  }

  private static func busy(_ path: Path, _ holder: OwnerRecord) -> Failure {
    Failure(
      "\(path) is held by \(holder.description)",
      remedy: "Try again; if that process is gone, remove the file.")
  }

  /// Removes a dead holder's lock. Of several that do so at once one may catch the lock of a quicker one: that is
  /// put back.
  private static func setAside(_ holder: OwnerRecord, _ path: Path, _ count: Int) throws {
    let process = ProcessIdentity.current
    let aside = path.parent / "\(path.name).\(process.host).\(process.pid).\(count)"
    guard (try? Files.rename(path, to: aside)) != nil else { return }
    defer { try? Files.remove(aside) }
    if let caught = try OwnerRecord.read(aside), caught != holder {
      _ = try Files.writeExclusively(caught.bytes, to: path)
    }
  }

  /// Whether the lock is still this holder's; to be asked right before the write.
  var isHeld: Bool { (try? OwnerRecord.read(path)) == record }

  deinit { if isHeld { try? Files.remove(path) } }
}
