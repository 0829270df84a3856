public import Base
import CZstd

/// Writes records into a zstd file of many frames, so that each can be read without those before it.
///
/// The file ends with a seek table in a skippable frame, as zstd's contributed "seekable format" 0.1.0
/// lays it out; `zstd -d` reads the file like any other. A frame ends only between records.
@safe public final class SeekableZstdWriter {
  /// Plain bytes written so far.
  public private(set) var count = 0
  /// Bytes of the file so far, without what waits for its frame.
  public private(set) var compressedCount = 0

  private let file: AppendFile
  private let context: OpaquePointer
  private let frameSize: Int
  private var pending: [UInt8] = []
  private var table: [(compressed: UInt32, plain: UInt32)] = []

  /// Makes a new file.
  ///
  /// - Parameters:
  ///   - level: zstd's compression level.
  ///   - frameSize: plain bytes after which a frame ends.
  public init(creating path: Path, level: Int = 3, frameSize: Int = 1 << 18) throws {
    file = try AppendFile(creating: path)
    self.frameSize = frameSize
    guard let context = unsafe ZSTD_createCCtx() else {
      throw Failure("no memory to compress", remedy: "Close other programs.")
    }
    unsafe self.context = context
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, CInt(clamping: level))
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
  }

  deinit { unsafe ZSTD_freeCCtx(context) }

  /// Adds a record.
  public func append(_ record: [UInt8]) throws {
    pending += record
    count += record.count
    if pending.count >= frameSize { try endFrame() }
  }

  /// Ends the file, with its seek table, and brings it to the disk.
  public func finish() throws {
    try endFrame()
    var bytes: [UInt8] = []
    bytes.appendLittleEndian(SeekTable.skippableMagic)
    bytes.appendLittleEndian(UInt32(8 * table.count + SeekTable.footerSize))
    for entry in table {
      bytes.appendLittleEndian(entry.compressed)
      bytes.appendLittleEndian(entry.plain)
    }
    bytes.appendLittleEndian(UInt32(table.count))
    bytes.append(0)  // no checksums in the table: the frames carry their own
    bytes.appendLittleEndian(SeekTable.magic)
    try file.append(bytes)
    compressedCount += bytes.count
    try file.sync()
    file.close()
  }

  private func endFrame() throws {
    guard !pending.isEmpty else { return }
    precondition(pending.count <= UInt32.max, "a frame of \(pending.count) bytes")
    let bound = ZSTD_compressBound(pending.count)
    var frame = [UInt8](repeating: 0, count: bound)
    let size = unsafe frame.withUnsafeMutableBytes { target in
      unsafe pending.withUnsafeBytes { source in
        unsafe ZSTD_compress2(
          context, target.baseAddress, target.count, source.baseAddress, source.count)
      }
    }
    guard ZSTD_isError(size) == 0 else {
      throw Failure("cannot compress: \(zstdReason(size))", remedy: "Free some memory.")
    }
    frame.removeLast(bound - size)
    try file.append(frame)
    compressedCount += size
    table.append((UInt32(size), UInt32(pending.count)))
    pending.removeAll(keepingCapacity: true)
  }
}

/// The constants of the seek table at the end of a seekable zstd file.
enum SeekTable {
  static let skippableMagic: UInt32 = 0x184D_2A5E
  static let magic: UInt32 = 0x8F92_EAB1
  /// Number of frames (4), descriptor (1), magic (4).
  static let footerSize = 9
}
