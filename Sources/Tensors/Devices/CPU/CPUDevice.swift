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
  public let precision: Precision
  /// The threads it works on.
  public let pool: ThreadPool

  private let allocated = Atomic<Int>(0)

  /// Bytes asked of it since it was made.
  public var allocatedBytes: Int { allocated.load(ordering: .relaxed) }

  /// The kernels of the level; the functions are pure.
  let kernels: kaji_kernels

  public var name: String {
    let numbers = precision == .fp32 ? "" : ", \(precision.rawValue)"
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
    allocated.store(0, ordering: .relaxed)
  }

  public func allocate(_ type: ElementType, count: Int) throws -> DeviceMemory {
    let memory = try CPUMemory(type, count: count, width: bytes(type))
    allocated.add(bytes(type) * count, ordering: .relaxed)
    return memory
  }

  public func bytes(_ type: ElementType) -> Int {
    switch type {
    case .real, .index: 4
    case .operand: precision.isHalf ? 2 : 4
    case .rest: 2
    }
  }

  public func upload(_ values: Span<Float>, to view: View) {
    precondition(values.count <= view.count, "\(values.count) reals for a view of \(view.count)")
    unsafe values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      if view.isHalf {
        unsafe kernels.narrow(Int64(values.count), base, view.at(0), false)
      } else {
        unsafe view.floats.update(from: base, count: values.count)
      }
    }
  }

  public func upload(_ values: Span<Float>, to weights: Weights) {
    guard let rest = weights.rest else { return upload(values, to: weights.values) }
    precondition(values.count <= rest.count, "\(values.count) reals for \(rest.count) weights")
    unsafe values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      unsafe kernels.write_weights(Int64(values.count), kernelWeights(weights), base)
    }
  }

  public func upload(_ values: Span<Int32>, to view: View) {
    precondition(values.count <= view.count, "\(values.count) indices for a view of \(view.count)")
    let target = unsafe view.indices
    for index in values.indices { unsafe target[index] = values[index] }
  }

  public func download(_ view: View, into values: inout MutableSpan<Float>) {
    precondition(values.count <= view.count, "\(values.count) reals from a view of \(view.count)")
    unsafe values.withUnsafeMutableBufferPointer { target in
      guard let base = target.baseAddress else { return }
      if view.isHalf {
        unsafe kernels.widen(Int64(target.count), view.at(0), base)
      } else {
        unsafe base.update(from: view.floats, count: target.count)
      }
    }
  }

  public func download(_ weights: Weights, into values: inout MutableSpan<Float>) {
    guard let rest = weights.rest else { return download(weights.values, into: &values) }
    precondition(values.count <= rest.count, "\(values.count) reals from \(rest.count) weights")
    unsafe values.withUnsafeMutableBufferPointer { target in
      guard let base = target.baseAddress else { return }
      unsafe kernels.read_weights(Int64(target.count), kernelWeights(weights), base)
    }
  }

  public func fill(_ view: View, with value: Float) {
    guard view.isHalf else {
      return unsafe view.floats.update(repeating: value, count: view.count)
    }
    var value = value
    for index in 0..<view.count { unsafe kernels.narrow(1, &value, view.at(index), false) }
  }

  public func copy(_ source: View, to target: View) {
    precondition(source.count <= target.count, "\(source.count) reals into \(target.count)")
    precondition(source.isHalf == target.isHalf, "numbers of two kinds")
    unsafe target.at(0).copyMemory(
      from: source.at(0), byteCount: source.count * bytes(source.memory.type))
  }

  /// The kernels for rows of the kind `matrix` has.
  func rowKernels(_ matrix: Matrix) -> kaji_row_kernels {
    matrix.view.isHalf ? kernels.half : kernels.full
  }

  /// Calls `body` with each stretch of at most `size` of 0..<`count`, on all threads.
  func chunks(_ count: Int, _ size: Int, _ body: (Range<Int>) -> Void) {
    pool.run((count + size - 1) / size) { chunk in
      body(chunk * size..<min(count, (chunk + 1) * size))
    }
  }
}
