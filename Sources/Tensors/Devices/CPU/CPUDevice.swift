public import Base
import CKernels

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
  public init(
    pool: ThreadPool = .shared, level: CPULevel = .supported, precision: Precision = .fp32
  ) throws {
    guard level <= .supported else {
      throw Failure(
        "this processor has no \(level)", remedy: "Use the level \(CPULevel.supported).")
    }
    self.pool = pool
    self.level = level
    self.precision = precision
    unsafe kernels = kaji_kernels_at(kaji_level(rawValue: UInt32(level.rawValue))).pointee
    try checkProduct()
  }

  public func allocate(_ type: ElementType, count: Int) throws -> DeviceMemory {
    try CPUMemory(type, count: count)
  }

  public func upload(_ values: Span<Float>, to view: View) {
    precondition(values.count <= view.count, "\(values.count) reals for a view of \(view.count)")
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
