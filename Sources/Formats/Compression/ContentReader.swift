public import Base

/// What decompression may cost.
public struct DecompressionLimits: Sendable {
  /// The most plain bytes for one compressed byte. Text reaches 20; a bomb reaches thousands.
  public var ratio = 200
  /// The plain bytes below which the ratio is not asked for.
  public var allowance = 64 << 20
  /// The most plain bytes of one file.
  public var total = 1 << 42

  public init(ratio: Int = 200, allowance: Int = 64 << 20, total: Int = 1 << 42) {
    self.ratio = ratio
    self.allowance = allowance
    self.total = total
  }

  /// Refuses `plain` bytes that come of `compressed` ones.
  ///
  /// - Throws: ``Failure`` naming the file.
  func check(_ plain: Int, from compressed: Int, _ path: Path) throws(Failure) {
    let allowed = min(total, max(allowance, ratio.multipliedClamping(by: max(1, compressed))))
    guard plain <= allowed else {
      throw Failure(
        "\(path) expands to more than \(Format.bytes(allowed)) from "
          + "\(Format.bytes(compressed)): refused as a decompression bomb",
        remedy: "If the file is sound, decompress it yourself and use the result.")
    }
  }
}

/// Reads the plain content of a file that may be compressed with gzip, zstd or bzip2.
///
/// The first bytes decide, not the name.
public final class ContentReader {
  public let path: Path
  public let compression: Compression
  /// Bytes of the file consumed so far.
  public private(set) var consumed = 0
  /// Plain bytes handed out so far.
  public private(set) var produced = 0
  /// Where the compressed member (of gzip: RFC 1952; else the whole file) begins that the bytes read last came from.
  public private(set) var member: (plain: Int, file: Int) = (0, 0)

  private var file: FileReader
  private let decoder: (any StreamDecoder)?
  private let limits: DecompressionLimits
  /// Where the reading began, a byte of the file.
  let base: Int
  private var input: [UInt8] = []
  private var position = 0
  private var fileEnded = false

  private static let pieceSize = 1 << 18

  /// Opens a file.
  ///
  /// - Throws: ``Failure`` if it cannot be read.
  ///
  /// - Parameter offset: where to begin, a byte of the file; of a compressed one that of a member.
  public init(
    _ path: Path, at offset: Int = 0, limits: DecompressionLimits = DecompressionLimits()
  ) throws(Failure) {
    self.path = path
    self.limits = limits
    base = offset
    file = try FileReader(path, at: offset)
    try file.read(into: &input, upTo: ContentReader.pieceSize)
    compression = Compression(firstBytes: input)
    decoder =
      switch compression {
      case .none: nil
      case .gzip: try GzipDecoder()
      case .zstd: try ZstdDecoder()
      case .bzip2: try Bzip2Decoder()
      }
  }

  /// Adds the next plain bytes to `output`; returns how many, 0 at the end.
  ///
  /// - Throws: ``Failure`` if the file is damaged, cut short, or expands beyond the limits.
  public func read(into output: inout [UInt8]) throws(Failure) -> Int {
    let before = output.count
    if let decoder {
      try decode(with: decoder, into: &output)
    } else {
      if position == input.count { try refill() }
      output += input[position...]
      consumed += input.count - position
      position = input.count
    }
    produced += output.count - before
    return output.count - before
  }

  private func decode(
    with decoder: any StreamDecoder, into output: inout [UInt8]
  ) throws(Failure) {
    let before = output.count
    while output.count == before {
      let start = position
      let startsMember = decoder.isComplete || consumed == 0
      let place = base + consumed
      do {
        try decoder.decode(
          input, from: &position, into: &output, room: ContentReader.pieceSize)
      } catch {
        throw Failure(
          "\(path): damaged \(compression.rawValue) data near byte \(consumed): \(error.reason)",
          remedy: "Copy the file again.")
      }
      consumed += position - start
      if startsMember, output.count > before || position > start {
        member = (produced, place)
      }
      try checkLimits(produced + output.count - before)
      // Only a call that does nothing shows that a decoder has nothing more to give.
      if output.count > before || position > start { continue }
      guard position == input.count else {
        throw Failure(
          "\(path): the decoder stands still at byte \(consumed)", remedy: "Copy the file again.")
      }
      try refill()
      guard fileEnded else { continue }
      guard decoder.isComplete else {
        throw Failure(
          "\(path) ends within its \(compression.rawValue) data, after \(Format.bytes(produced)) "
            + "of text", remedy: "Copy the file again: it was cut short.")
      }
      return
    }
  }

  private func refill() throws(Failure) {
    input.removeAll(keepingCapacity: true)
    position = 0
    if try file.read(into: &input, upTo: ContentReader.pieceSize) == 0 { fileEnded = true }
  }

  private func checkLimits(_ plain: Int) throws(Failure) {
    try limits.check(plain, from: consumed, path)
  }
}
