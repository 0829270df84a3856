public import Base
import CZstd
import Synchronization

/// Reads any part of a seekable zstd file (see ``SeekableZstdWriter``).
///
/// The frame read last is kept, so that neighbouring records cost one decompression.
public final class SeekableZstdFile: Sendable {
  /// The most plain bytes of one frame.
  public static let frameLimit = 1 << 28

  public let path: Path
  /// Plain bytes.
  public let count: Int

  private let file: MappedFile
  /// Where each frame begins in the file and in the plain text, and an end.
  private let frames: [(file: Int, plain: Int)]
  private let last = Mutex<(frame: Int, bytes: [UInt8])>((-1, []))

  /// Opens a file and checks its seek table.
  ///
  /// - Parameter limits: what the file may expand to, as a whole and each frame of it.
  /// - Throws: ``Failure`` if there is none, or if it does not fit the file or the limits.
  public init(_ path: Path, limits: DecompressionLimits = DecompressionLimits()) throws(Failure) {
    self.path = path
    let file = try MappedFile(path)
    frames = try SeekableZstdFile.frames(of: file.bytes, limits, path)
    count = frames[frames.count - 1].plain
    self.file = file
  }

  private static func frames(
    of bytes: RawSpan, _ limits: DecompressionLimits, _ path: Path
  ) throws(Failure) -> [(file: Int, plain: Int)] {
    func damaged(_ reason: String) -> Failure {
      Failure("\(path): \(reason)", remedy: "Copy the file again.")
    }
    let end = bytes.byteCount - SeekTable.footerSize
    guard end >= 8, bytes.littleEndian(at: end + 5, as: UInt32.self) == SeekTable.magic else {
      throw damaged("no seek table at the end")
    }
    let number = Int(bytes.littleEndian(at: end, as: UInt32.self))
    let descriptor = bytes.byte(at: end + 4)
    guard descriptor & 0x7C == 0 else { throw damaged("a seek table of an unknown form") }
    let entrySize = descriptor & 0x80 == 0 ? 8 : 12
    guard number <= (end - 8) / entrySize else { throw damaged("the seek table is too long") }
    let start = end - number * entrySize
    guard bytes.littleEndian(at: start - 8, as: UInt32.self) == SeekTable.skippableMagic,
      Int(bytes.littleEndian(at: start - 4, as: UInt32.self)) == bytes.byteCount - start
    else { throw damaged("no seek table at the end") }
    var frames: [(file: Int, plain: Int)] = [(0, 0)]
    frames.reserveCapacity(number + 1)
    var position = (file: 0, plain: 0)
    for index in 0..<number {
      let place = start + index * entrySize
      let plain = Int(bytes.littleEndian(at: place + 4, as: UInt32.self))
      let compressed = Int(bytes.littleEndian(at: place, as: UInt32.self))
      guard plain <= frameLimit else { throw damaged("frame \(index) is larger than the limit") }
      guard compressed <= start - 8 - position.file else {
        throw damaged("the seek table does not fit the file")
      }
      try limits.check(plain, from: compressed, path)
      position.file += compressed
      position.plain += plain
      try limits.check(position.plain, from: position.file, path)
      frames.append(position)
    }
    guard position.file == start - 8 else {
      throw damaged("the seek table does not fit the file")
    }
    return frames
  }

  /// The plain bytes in `range`.
  ///
  /// - Throws: ``Failure`` if the range lies outside or a frame is damaged.
  public func read(_ range: Range<Int>) throws(Failure) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= count else {
      throw Failure(
        "\(path): bytes \(range) of \(count) were asked for", remedy: "Copy the file again.")
    }
    var result: [UInt8] = []
    var position = range.lowerBound
    while position < range.upperBound {
      let index = frame(holding: position)
      let bytes = try plain(index)
      let from = position - frames[index].plain
      let to = min(bytes.count, range.upperBound - frames[index].plain)
      result += bytes[from..<to]
      position = frames[index].plain + to
    }
    return result
  }

  /// The last frame that begins at or before a plain byte.
  private func frame(holding position: Int) -> Int {
    var low = 0
    var high = frames.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if frames[middle].plain <= position { low = middle } else { high = middle }
    }
    return low
  }

  private func plain(_ index: Int) throws(Failure) -> [UInt8] {
    if let bytes = last.withLock({ $0.frame == index ? $0.bytes : nil }) { return bytes }
    let bytes = try decompress(index)
    last.withLock { $0 = (index, bytes) }
    return bytes
  }

  private func decompress(_ index: Int) throws(Failure) -> [UInt8] {
    let file = self.file
    let source = file.bytes.extracting(frames[index].file..<frames[index + 1].file)
    let size = frames[index + 1].plain - frames[index].plain
    // The table's word for the size is believed only if the frame's own header says the same.
    let claimed = unsafe source.withUnsafeBytes {
      unsafe ZSTD_getFrameContentSize($0.baseAddress, $0.count)
    }
    var bytes = [UInt8](repeating: 0, count: claimed == UInt64(size) ? size : 0)
    let code = unsafe bytes.withUnsafeMutableBytes { target in
      unsafe source.withUnsafeBytes { source in
        unsafe ZSTD_decompress(target.baseAddress, target.count, source.baseAddress, source.count)
      }
    }
    guard claimed == UInt64(size), ZSTD_isError(code) == 0, code == size else {
      let reason = ZSTD_isError(code) == 0 ? "its size differs from the table" : zstdReason(code)
      throw Failure("\(path): frame \(index) is damaged: \(reason)", remedy: "Copy the file again.")
    }
    return bytes
  }
}
