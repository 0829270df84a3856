import Base

/// Turns compressed bytes into plain ones, piece by piece.
protocol StreamDecoder: AnyObject {
  /// Decodes from `input`, from `position` on, and adds at most `room` bytes to `output`.
  ///
  /// `position` moves past what was consumed. Nothing added and nothing consumed means that more
  /// input is needed.
  /// - Throws: ``DamagedData`` if the input is no valid compressed data.
  func decode(
    _ input: [UInt8], from position: inout Int, into output: inout [UInt8], room: Int
  ) throws(DamagedData)

  /// Whether the input may end here.
  var isComplete: Bool { get }
}

/// Compressed data that cannot be decoded.
struct DamagedData: Error {
  /// What the library says of it.
  let reason: String
}

/// How a file is compressed, told by its first bytes.
public enum Compression: String, Sendable {
  case none, gzip, zstd, bzip2

  /// The compression of a file that begins with `bytes`.
  public init(firstBytes bytes: some Collection<UInt8>) {
    let start = Array(bytes.prefix(4))
    if start.starts(with: [0x1F, 0x8B]) {
      self = .gzip
    } else if start == [0x28, 0xB5, 0x2F, 0xFD]
      || start.count == 4 && start[0] & 0xF0 == 0x50 && start[1...] == [0x2A, 0x4D, 0x18]
    {
      // The second is a skippable frame, with which a zstd file may begin.
      self = .zstd
    } else if start.starts(with: Array("BZh".utf8)), (0x31...0x39).contains(start.last ?? 0) {
      self = .bzip2
    } else {
      self = .none
    }
  }
}
