import Base
import Glibc

/// Pages of this process, zero when they come.
@safe final class CPUMemory: DeviceMemory, @unchecked Sendable {
  /// The first element; fp32 or Int32 by `type`.
  let base: UnsafeMutableRawPointer
  private let bytes: Int

  init(_ type: ElementType, count: Int) throws {
    let size = max(1, count).multipliedReportingOverflow(by: 4)
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

  /// The first real on the CPU.
  var floats: UnsafeMutablePointer<Float> {
    precondition(memory.type == .real, "reals asked of a memory of indices")
    return unsafe cpu.base.assumingMemoryBound(to: Float.self) + offset
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
}

extension Rows {
  /// The rows in use, read from the CPU's memory.
  var count: Int {
    guard let live else { return capacity }
    return min(capacity, max(0, Int(unsafe live.indices[0])))
  }
}
