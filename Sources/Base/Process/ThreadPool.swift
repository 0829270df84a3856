import CClosures
import Glibc
import Synchronization

/// The threads that numeric work is spread over.
///
/// Work is given as a count of chunks cut by shape; chunk k always goes to worker k mod threads, so
/// nothing depends on timing. Workers spin for a moment after each job and then sleep.
///
/// `@unchecked Sendable`: `job` is written only by the thread that holds `turn`, before `generation`
/// is raised with release order and after every worker has reported, and read by workers between.
@safe public final class ThreadPool: @unchecked Sendable {
  /// Workers, the calling thread included; fewer than were asked for where the system gives no more.
  ///
  /// Set before the first job, and never again.
  public private(set) var threads: Int

  private let turn = Mutex<Void>(())
  private let generation = Atomic<Int>(0)
  private let remaining = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let condition = Condition()
  private var job: (count: Int, body: kaji_closure) = unsafe (0, kaji_closure())

  /// The pool of the whole process, as wide as ``available``.
  public static let shared = ThreadPool(threads: available)

  /// Starts `threads` − 1 workers.
  public init(threads: Int) {
    self.threads = max(1, threads)
    for worker in 1..<max(2, self.threads) where worker < self.threads {
      let start = unsafe Unmanaged.passRetained(Start(pool: self, worker: worker))
      var thread = pthread_t()
      let code = unsafe pthread_create(
        &thread, nil,
        { argument in
          let start = unsafe Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue()
          start.work()
          return nil
        }, start.toOpaque())
      guard code == 0 else {
        // Nothing that is computed depends on their number.
        unsafe start.release()
        self.threads = worker
        break
      }
      pthread_detach(thread)
    }
  }

  /// Calls `body` once with each of 0..<`count`, on all threads; returns when all are done.
  ///
  /// Called from within a `body`, of this pool or another, it does all the work right there. It asks
  /// nothing of the heap.
  ///
  /// Never inlined: a caller must see `body` used until this returns, however it got to the workers.
  @inline(never)
  public func run(_ count: Int, _ body: (Int) -> Void) {
    guard count > 1, threads > 1, !WorkingThread.isCurrent else {
      for index in 0..<max(0, count) { body(index) }
      return
    }
    turn.withLock { _ in
      WorkingThread.mark(true)
      defer { WorkingThread.mark(false) }
      unsafe job = (count, words(of: body))
      remaining.store(threads - 1, ordering: .relaxed)
      generation.add(1, ordering: .sequentiallyConsistent)
      if sleepers.load(ordering: .sequentiallyConsistent) > 0 { condition.wakeAll() }
      for index in stride(from: 0, to: count, by: threads) { body(index) }
      var spins = 0
      while remaining.load(ordering: .acquiring) > 0 {
        spins += 1
        if spins > 2000 { sched_yield() }
      }
    }
  }

  /// The processors this process may use: its affinity mask, cut by the quotas of its cgroups.
  public static var available: Int {
    let quota = ProcessorQuota.processors ?? .infinity
    return max(1, Int(min(Double(allowedProcessors), quota.rounded(.up))))
  }

  /// How many processors the affinity mask allows, as "0-3,8" in /proc/self/status.
  private static var allowedProcessors: Int {
    let text = (try? Files.readText("/proc/self/status")) ?? ""
    guard
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed_list:") })
    else { return 1 }
    let ranges = line.dropFirst("Cpus_allowed_list:".count).split(separator: ",")
    return ranges.reduce(0) { sum, range in
      let ends = range.split(separator: "-").compactMap { Int($0.filter(\.isNumber)) }
      return sum + (ends.isEmpty ? 0 : ends[ends.count - 1] - ends[0] + 1)
    }
  }

  fileprivate func work(_ worker: Int) {
    WorkingThread.mark(true)
    var seen = 0
    while true {
      seen = awaitGeneration(after: seen)
      perform(worker)
      remaining.subtract(1, ordering: .releasing)
    }
  }

  /// The worker's part of the job.
  private func perform(_ worker: Int) {
    let (count, body) = unsafe job
    for index in stride(from: worker, to: count, by: threads) {
      unsafe kaji_closure_call(body, Int64(index))
    }
  }

  /// Spins for about 50 µs, then sleeps until a new job is there.
  private func awaitGeneration(after seen: Int) -> Int {
    for _ in 0..<20_000 {
      let now = generation.load(ordering: .acquiring)
      if now != seen { return now }
    }
    sleepers.add(1, ordering: .sequentiallyConsistent)
    defer { sleepers.subtract(1, ordering: .relaxed) }
    return condition.wait {
      let now = generation.load(ordering: .sequentiallyConsistent)
      return now != seen ? now : nil
    }
  }
}

/// The words of a closure, to be called by others while it is lent.
///
/// `withoutActuallyEscaping` would put a copy on the heap for every job.
@_silgen_name("kaji_closure_words")
private func words(of body: (Int) -> Void) -> kaji_closure

/// Tells the threads that are at a pool's work, which have no turn to wait for another job.
private enum WorkingThread {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let code = unsafe pthread_key_create(&key, nil)
    precondition(code == 0, "cannot make a thread's own variable: error \(code)")
    return key
  }()

  static var isCurrent: Bool { unsafe pthread_getspecific(key) != nil }

  static func mark(_ isWorking: Bool) {
    // Any address will do; it is never read.
    unsafe pthread_setspecific(key, isWorking ? UnsafeRawPointer(bitPattern: 1) : nil)
  }
}

/// What a new worker thread is handed.
private final class Start: Sendable {
  let pool: ThreadPool
  let worker: Int

  init(pool: ThreadPool, worker: Int) {
    self.pool = pool
    self.worker = worker
  }

  func work() { pool.work(worker) }
}
