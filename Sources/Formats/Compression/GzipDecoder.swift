import Base
import CZlib

/// Decodes gzip (RFC 1952), files of several members included, with zlib's `inflate`.
///
/// zlib keeps a pointer to its own stream object, which therefore has an address of its own.
@safe final class GzipDecoder: StreamDecoder {
  private let stream: UnsafeMutablePointer<z_stream>
  private(set) var isComplete = false

  init() throws(Failure) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 16 asks for a gzip header; its window has at most 2^15 bytes.
    let code = unsafe inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
    guard code == Z_OK else {
      throw Failure("no memory to decompress", remedy: "Close other programs.")
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  func decode(
    _ input: [UInt8], from position: inout Int, into output: inout [UInt8], room: Int
  ) throws(DamagedData) {
    if isComplete {
      // Some writers pad the end with zeros.
      while position < input.count, input[position] == 0 { position += 1 }
      guard position < input.count else { return }
      unsafe inflateReset(stream)
      isComplete = false
    }
    let start = output.count
    output.append(contentsOf: repeatElement(0, count: room))
    let first = position
    let code = unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        // zlib's next_in is not const, but only read.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress.map { unsafe $0 + first })
        unsafe stream.pointee.avail_in = UInt32(clamping: source.count - first)
        unsafe stream.pointee.next_out = target.baseAddress! + start
        unsafe stream.pointee.avail_out = UInt32(clamping: room)
        return unsafe inflate(stream, Z_NO_FLUSH)
      }
    }
    position = unsafe input.count - Int(stream.pointee.avail_in)
    output.removeLast(unsafe Int(stream.pointee.avail_out))
    switch code {
    case Z_OK, Z_BUF_ERROR: return
    case Z_STREAM_END: isComplete = true
    default:
      let reason = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
      throw DamagedData(reason: reason ?? "zlib error \(code)")
    }
  }
}
