import Base
import Synchronization
import TestSupport
import Testing

@Suite("Change locks") struct ChangeLockTests {
  /// What a process that is gone left; each `start` is another one.
  private static func dead(_ start: Int) -> OwnerRecord {
    let current = ProcessIdentity.current
    let process = ProcessIdentity(
      host: current.host, bootID: current.bootID, pid: current.pid, startTime: start)
    return OwnerRecord(process: process, job: "1", taken: 1)
  }

  @Test func `one of many takes over what dead processes left, and the others follow`() throws {
    try withTemporaryFolder { folder in
      let file = folder / "f"
      try Files.write("0", to: file)
      // One died while it held the lock, the next while it took it over.
      try Files.write(Self.dead(1).bytes, to: folder / ".f.lock")
      try Files.write(Self.dead(2).bytes, to: folder / ".f.lock.after-\(Self.dead(1).token)")
      let inside = Atomic<Int>(0)
      ThreadPool(threads: 8).run(8) { _ in
        do {
          for _ in 0..<5 {
            let lock = try ChangeLock(on: file)
            let others = inside.add(1, ordering: .sequentiallyConsistent).oldValue
            let count = Int(try Files.readText(file)) ?? -1000
            let isHeld = lock.isHeld
            #expect(others == 0 && isHeld)
            try Files.write(String(count + 1), to: file)
            inside.subtract(1, ordering: .sequentiallyConsistent)
          }
        } catch {
          Issue.record(error)
        }
      }
      #expect(try Files.readText(file) == "40")
      #expect(try Files.list(folder) == ["f"])
    }
  }
}
