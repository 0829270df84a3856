import Base
import Synchronization
import TestSupport
import Testing

@Suite("Thread pool") struct ThreadPoolTests {
  @Test("runs every index once, whatever the width and the count", arguments: 1...8)
  func everyIndexOnce(_ threads: Int) {
    let pool = ThreadPool(threads: threads)
    #expect(pool.threads == threads)
    for count in [0, 1, 2, 3, 7, 8, 9, 100, 1001] {
      let hits = Mutex([Int](repeating: 0, count: count))
      pool.run(count) { index in hits.withLock { $0[index] += 1 } }
      #expect(hits.withLock { $0 } == [Int](repeating: 1, count: count))
    }
  }

  @Test("what the indexes compute is there when it returns, for any width")
  func results() {
    /// A sum that would differ in its last bits if it were added in another order.
    func total(_ threads: Int) -> [Double] {
      let parts = Mutex([Double](repeating: 0, count: 50))
      ThreadPool(threads: threads).run(50) { chunk in
        var sum = 0.0
        for element in 0..<100 { sum += 1 / Double(1 + chunk * 100 + element) }
        parts.withLock { $0[chunk] = sum }
      }
      return parts.withLock { $0 }
    }
    for threads in 2...8 { #expect(total(threads) == total(1)) }
  }

  @Test("comes back from thousands of short jobs, at once and after a pause", arguments: [2, 4, 8])
  func repeatedRuns(_ threads: Int) throws {
    let pool = ThreadPool(threads: threads)
    let sum = Atomic<Int>(0)
    let start = monotonicSeconds()
    for round in 0..<2000 {
      pool.run(threads) { _ in sum.add(1, ordering: .relaxed) }
      // Long enough for the workers to fall asleep.
      if round % 400 == 0 { _ = try Subprocess.run(["sleep", "0.01"]) }
    }
    #expect(sum.load(ordering: .relaxed) == 2000 * threads)
    #expect(monotonicSeconds() - start < 60)
  }

  @Test("several callers take turns")
  func callers() async {
    let pool = ThreadPool(threads: 3)
    let counter = Counter()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<200 { pool.run(5) { counter.sum.add($0, ordering: .relaxed) } }
        }
      }
    }
    #expect(counter.sum.load(ordering: .relaxed) == 4 * 200 * 10)
  }

  /// A number that several tasks hold.
  private final class Counter: Sendable {
    let sum = Atomic<Int>(0)
  }

  @Test("a job within a job is done on the spot")
  func nesting() {
    let pool = ThreadPool(threads: 3)
    let other = ThreadPool(threads: 2)
    let sum = Atomic<Int>(0)
    pool.run(6) { outer in
      pool.run(5) { inner in
        other.run(4) { sum.add(outer * 100 + inner * 10 + $0, ordering: .relaxed) }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 250 * 120 + 20 * 120 + 6 * 5 * 6)
    pool.run(6) { sum.add($0, ordering: .relaxed) }
  }

  @Test("is as wide as the process may be")
  func width() throws {
    #expect(ThreadPool.available >= 1)
    #expect(ThreadPool.available <= 4096)
    #expect(ThreadPool(threads: 0).threads == 1)
    #expect(ThreadPool(threads: -3).threads == 1)
    let nproc = try Subprocess.run(["nproc"])
    let processors = Int(String(decoding: nproc.output.dropLast(), as: UTF8.self)) ?? 1
    #expect(ThreadPool.available <= processors)
  }

  @Test("cancelling is seen from another thread")
  func cancellation() async {
    let flag = CancellationFlag()
    #expect(!flag.isCancelled)
    await Task.detached { flag.cancel() }.value
    #expect(flag.isCancelled)
  }
}
