public import Base

/// Reads the events of a TensorBoard file (`events.out.tfevents.…`) one by one.
public struct TensorBoardReader {
  /// The most bytes of an event.
  static let eventLimit = 1 << 26

  public let path: Path
  /// Whether the file ends within an event, as one does that is being written.
  public private(set) var isCutOff = false
  private var buffer: ContentBuffer
  /// Plain bytes of the whole events read.
  private var taken = 0

  /// Opens a file.
  ///
  /// - Parameter offset: where to begin: 0, or ``nextOffset`` of an earlier reader.
  public init(_ path: Path, at offset: Int = 0) throws(Failure) {
    self.path = path
    buffer = ContentBuffer(try ContentReader(path, at: offset))
  }

  /// The byte of the file behind the last whole event, where what comes later can be read; `nil` of a compressed file.
  public var nextOffset: Int? {
    buffer.content.compression == .none ? buffer.content.base + taken : nil
  }

  /// The next event, nil after the last that is whole.
  ///
  /// - Throws: ``Failure`` naming the byte, if a checksum does not fit or an event is malformed.
  public mutating func next() throws(Failure) -> TensorBoardEvent? {
    let start = buffer.offset
    let head = try buffer.bytes(12)
    guard head.count == 12 else { return end(head.count > 0) }
    let length = head.littleEndian(at: 0, as: UInt64.self)
    guard TensorBoardChecksum.of(Array(head[..<8])) == head.littleEndian(at: 8, as: UInt32.self)
    else { throw damaged("the checksum of its length does not fit", start) }
    guard length <= UInt64(Self.eventLimit) else {
      throw damaged("it claims \(length) bytes", start)
    }
    let body = try buffer.bytes(Int(length))
    let tail = try buffer.bytes(4)
    guard body.count == Int(length), tail.count == 4 else { return end(true) }
    guard TensorBoardChecksum.of(body) == tail.littleEndian(at: 0, as: UInt32.self)
    else { throw damaged("its checksum does not fit", start) }
    do {
      let event = try TensorBoardEvent(parsing: body)
      taken = buffer.offset
      return event
    } catch {
      throw damaged(error.problem, start)
    }
  }

  private mutating func end(_ isCutOff: Bool) -> TensorBoardEvent? {
    self.isCutOff = isCutOff
    return nil
  }

  private func damaged(_ problem: String, _ start: Int) -> Failure {
    Failure(
      "\(path): the event at byte \(buffer.content.base + start): \(problem)",
      remedy: "Copy the file again: the events before it are sound.")
  }
}

/// The checksum of TensorFlow's records: a CRC-32C, turned and shifted.
enum TensorBoardChecksum {
  static func of(_ bytes: [UInt8]) -> UInt32 {
    var crc = CRC32C()
    crc.update(bytes.span)
    return (crc.value >> 15 | crc.value << 17) &+ 0xA282_EAD8
  }
}
