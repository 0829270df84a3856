import Base
import CBZip2

/// Decodes bzip2, files of several streams included, with `BZ2_bzDecompress`.
///
/// The library keeps a pointer to its own stream object, which therefore has an address of its own.
@safe final class Bzip2Decoder: StreamDecoder {
  private let stream: UnsafeMutablePointer<bz_stream>
  private(set) var isComplete = false

  init() throws(Failure) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: bz_stream())
    guard unsafe BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
      throw Failure("no memory to decompress", remedy: "Close other programs.")
    }
  }

  deinit {
    unsafe BZ2_bzDecompressEnd(stream)
    unsafe stream.deallocate()
  }

  func decode(
    _ input: [UInt8], from position: inout Int, into output: inout [UInt8], room: Int
  ) throws(DamagedData) {
    guard position < input.count else { return }
    if isComplete { try restart() }
    let start = output.count
    output.append(contentsOf: repeatElement(0, count: room))
    let first = position
    let code = unsafe input.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { target in
        // next_in is not const, but only read.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
          mutating: (source.baseAddress! + first).assumingMemoryBound(to: CChar.self))
        unsafe stream.pointee.avail_in = UInt32(clamping: source.count - first)
        unsafe stream.pointee.next_out = (target.baseAddress! + start)
          .assumingMemoryBound(to: CChar.self)
        unsafe stream.pointee.avail_out = UInt32(clamping: room)
        return unsafe BZ2_bzDecompress(stream)
      }
    }
    position = unsafe input.count - Int(stream.pointee.avail_in)
    output.removeLast(unsafe Int(stream.pointee.avail_out))
    switch code {
    case BZ_OK: return
    case BZ_STREAM_END: isComplete = true
    case BZ_DATA_ERROR: throw DamagedData(reason: "its checksum does not fit")
    case BZ_DATA_ERROR_MAGIC: throw DamagedData(reason: "no bzip2 stream begins here")
    default: throw DamagedData(reason: "bzip2 error \(code)")
    }
  }

  /// Makes ready for the next stream.
  private func restart() throws(DamagedData) {
    unsafe BZ2_bzDecompressEnd(stream)
    unsafe stream.pointee = bz_stream()
    guard unsafe BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
      throw DamagedData(reason: "no memory to decompress")
    }
    isComplete = false
  }
}
