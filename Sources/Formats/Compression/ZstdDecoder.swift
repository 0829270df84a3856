import Base
import CZstd

/// Decodes zstd (RFC 8878), files of several frames included, with `ZSTD_decompressStream`.
@safe final class ZstdDecoder: StreamDecoder {
  private let context: OpaquePointer
  private(set) var isComplete = true

  init() throws(Failure) {
    guard let context = unsafe ZSTD_createDCtx() else {
      throw Failure("no memory to decompress", remedy: "Close other programs.")
    }
    unsafe self.context = context
  }

  deinit { unsafe ZSTD_freeDCtx(context) }

  func decode(
    _ input: [UInt8], from position: inout Int, into output: inout [UInt8], room: Int
  ) throws(DamagedData) {
    let start = output.count
    output.append(contentsOf: repeatElement(0, count: room))
    let first = position
    var consumed = 0
    var produced = 0
    let code = unsafe input.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { target in
        var from = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: first)
        var to = unsafe ZSTD_outBuffer(dst: target.baseAddress! + start, size: room, pos: 0)
        let code = unsafe ZSTD_decompressStream(context, &to, &from)
        consumed = unsafe from.pos
        produced = unsafe to.pos
        return code
      }
    }
    output.removeLast(room - produced)
    guard ZSTD_isError(code) == 0 else { throw DamagedData(reason: zstdReason(code)) }
    // A call without progress says nothing about where the stream stands.
    if consumed > first || produced > 0 { isComplete = code == 0 }
    position = consumed
  }
}

/// The name of a zstd error.
func zstdReason(_ code: Int) -> String {
  unsafe ZSTD_getErrorName(code).map { unsafe String(cString: $0) } ?? "zstd error \(code)"
}
