import Base
import Glibc

/// Pages of this process, zero when they come.
@safe final class CPUMemory: DeviceMemory, @unchecked Sendable {
  /// The first element.
  let base: UnsafeMutableRawPointer
  /// Bytes from one element to the next: fp32 or Int32 have 4, bf16 and what it lacks of fp32 have 2.
  let width: Int
  private let bytes: Int

  init(_ type: ElementType, count: Int, width: Int) throws {
    let size = max(1, count).multipliedReportingOverflow(by: width)
    self.width = width
    bytes = size.overflow ? Int.max : size.partialValue
    let pages = unsafe mmap(
      nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let pages = unsafe pages, unsafe pages != MAP_FAILED else {
      throw Failure(
        "no memory for \(Format.bytes(bytes))",
        remedy: "Take a smaller model, batch_size or sequence_length, or a machine with more.")
    }
    // Large pages spare the translation of addresses; refusal costs nothing.
    if bytes >= 4 << 20 { unsafe madvise(pages, bytes, 14) }  // MADV_HUGEPAGE
    unsafe base = pages
    super.init(type: type, count: count)
  }

  deinit { unsafe munmap(base, bytes) }
}

extension View {
  /// The memory, which must be the CPU's.
  private var cpu: CPUMemory {
    precondition(type(of: memory) == CPUMemory.self, "memory of another device")
    return unsafe unsafeDowncast(memory, to: CPUMemory.self)
  }

  /// Whether the elements are bf16.
  var isHalf: Bool { memory.type == .operand && cpu.width == 2 }

  /// The first real on the CPU.
  var floats: UnsafeMutablePointer<Float> {
    precondition(
      memory.type == .real || memory.type == .operand && !isHalf, "reals asked of other numbers")
    return unsafe cpu.base.assumingMemoryBound(to: Float.self) + offset
  }

  /// What bf16 lacks of fp32, on the CPU.
  var rests: UnsafeMutablePointer<Int16> {
    precondition(memory.type == .rest, "the rest asked of other numbers")
    return unsafe cpu.base.assumingMemoryBound(to: Int16.self) + offset
  }

  /// Element `index` on the CPU, fp32 or bf16.
  func at(_ index: Int) -> UnsafeMutableRawPointer {
    let memory = cpu
    return unsafe memory.base + (offset + index) * memory.width
  }

  /// The first index on the CPU.
  var indices: UnsafeMutablePointer<Int32> {
    precondition(memory.type == .index, "indices asked of a memory of reals")
    return unsafe cpu.base.assumingMemoryBound(to: Int32.self) + offset
  }
}

extension Matrix {
  /// The first real on the CPU.
  var floats: UnsafeMutablePointer<Float> { unsafe view.floats }

  /// Element (row, column) on the CPU, fp32 or bf16.
  func at(_ row: Int, _ column: Int = 0) -> UnsafeMutableRawPointer {
    unsafe view.at(row * stride + column)
  }

  /// Bytes of `columns` elements.
  var rowBytes: Int { columns * (view.isHalf ? 2 : 4) }
}

extension Rows {
  /// The rows in use, read from the CPU's memory.
  var count: Int {
    guard let live else { return capacity }
    return min(capacity, max(0, Int(unsafe live.indices[0])))
  }
}
