public import Base
import CKernels
import Synchronization

/// What the CPU device may use of the processor.
public enum CPULevel: Int, Sendable, CaseIterable, Comparable, CustomStringConvertible {
  case baseline, avx2, avx512
  /// AVX-512 with dot products of bf16.
  case avx512bf16

  public static func < (a: CPULevel, b: CPULevel) -> Bool { a.rawValue < b.rawValue }

  /// The highest level this machine runs.
  public static var supported: CPULevel {
    CPULevel(rawValue: Int(kaji_level_supported().rawValue)) ?? .baseline
  }

  public var description: String {
    switch self {
    case .baseline: "baseline"
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    case .avx512bf16: "AVX-512-BF16"
    }
  }
}

/// The processor: C kernels of one level, work spread over a thread pool.
///
/// Work is cut by shape alone, sums run in one order: the bits do not depend on the number of threads.
/// They may depend on the level.
@safe public final class CPUDevice: Device {
  /// The level its kernels are compiled for.
  public let level: CPULevel
  /// What products of matrices are computed of. Products of few rows, which weights are read for in place,
  /// are always fp32.
  public let precision: Precision
  /// The threads it works on.
  public let pool: ThreadPool

  /// Whether programs are recorded here to learn their sizes, and never run.
  private let isForPlanning: Bool
  private let allocated = Atomic<Int>(0)

  /// Bytes asked of it since it was made.
  public var allocatedBytes: Int { allocated.load(ordering: .relaxed) }

  /// The kernels of the level; the functions are pure.
  let kernels: kaji_kernels

  public var name: String {
    let numbers = precision == .bf16 ? ", products of bf16" : ""
    return "cpu (\(level), \(pool.threads) threads\(numbers))"
  }

  public var arithmetic: String { "cpu \(level) \(precision.rawValue)" }

  /// The device, after a product of odd shapes has been checked against plain loops.
  ///
  /// - Parameter level: What to use at most, for tests and for bits as another machine gives them.
  /// - Throws: `Failure` if the machine lacks the level, or computes wrongly.
  public convenience init(
    pool: ThreadPool = .shared, level: CPULevel = .supported, precision: Precision = .fp32
  ) throws {
    try self.init(pool: pool, level: level, precision: precision, isForPlanning: false)
    try checkProduct()
    allocated.store(0, ordering: .relaxed)
  }

  /// A device that counts what is asked of it and holds nothing: programs are recorded on it, not run.
  public static func forPlanning() throws -> CPUDevice {
    try CPUDevice(
      pool: ThreadPool(threads: 1), level: .supported, precision: .fp32, isForPlanning: true)
  }

  private init(
    pool: ThreadPool, level: CPULevel, precision: Precision, isForPlanning: Bool
  ) throws {
    guard level <= .supported else {
      throw Failure(
        "this processor has no \(level)", remedy: "Use the level \(CPULevel.supported).")
    }
    self.pool = pool
    self.level = level
    self.precision = precision
    self.isForPlanning = isForPlanning
    unsafe kernels = kaji_kernels_at(kaji_level(rawValue: UInt32(level.rawValue))).pointee
  }

  public func allocate(_ type: ElementType, count: Int) throws -> DeviceMemory {
    if isForPlanning {
      // Sizes that overflow are those that no machine holds.
      allocated.add(count.multipliedReportingOverflow(by: 4).partialValue, ordering: .relaxed)
      return DeviceMemory(type: type, count: count)
    }
    let memory = try CPUMemory(type, count: count)
    allocated.add(4 * count, ordering: .relaxed)
    return memory
  }

  public func upload(_ values: Span<Float>, to view: View) {
    precondition(values.count <= view.count, "\(values.count) reals for a view of \(view.count)")
    guard !isForPlanning else { return }
    let target = unsafe view.floats
    for index in values.indices { unsafe target[index] = values[index] }
  }

  public func upload(_ values: Span<Int32>, to view: View) {
    precondition(values.count <= view.count, "\(values.count) indices for a view of \(view.count)")
    let target = unsafe view.indices
    for index in values.indices { unsafe target[index] = values[index] }
  }

  public func download(_ view: View, into values: inout MutableSpan<Float>) {
    precondition(values.count <= view.count, "\(values.count) reals from a view of \(view.count)")
    let source = unsafe view.floats
    for index in values.indices { unsafe values[index] = source[index] }
  }

  public func fill(_ view: View, with value: Float) {
    unsafe view.floats.update(repeating: value, count: view.count)
  }

  public func copy(_ source: View, to target: View) {
    precondition(source.count <= target.count, "\(source.count) reals into \(target.count)")
    unsafe target.floats.update(from: source.floats, count: source.count)
  }

  /// Calls `body` with each stretch of at most `size` of 0..<`count`, on all threads.
  func chunks(_ count: Int, _ size: Int, _ body: (Range<Int>) -> Void) {
    pool.run((count + size - 1) / size) { chunk in
      body(chunk * size..<min(count, (chunk + 1) * size))
    }
  }
}
