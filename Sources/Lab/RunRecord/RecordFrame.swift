import Base

/// What a record holds. Numbers are given once and never again; see docs/run-record.md.
enum RecordKind: UInt8 {
  case segment = 1
  case metric = 2
  case block = 3
  case event = 4
}

/// How records follow one another in a segment: length, kind, payload, CRC-32C.
enum RecordFrame {
  /// The largest payload a reader accepts, in bytes; a longer one is a damaged length.
  static let maximumPayload = 1 << 20
  /// Bytes around a payload: four of length, one of kind, four of checksum.
  static let overhead = 9

  /// The bytes of one record.
  static func bytes(_ kind: RecordKind, _ payload: [UInt8]) -> [UInt8] {
    precondition(payload.count <= maximumPayload, "a record of \(payload.count) bytes is too long")
    var writer = ByteWriter()
    writer.put(word: UInt32(payload.count))
    writer.put(byte: kind.rawValue)
    writer.put(payload)
    writer.put(word: crc32c(writer.bytes))
    return writer.bytes
  }

  /// What lies at a place of a segment.
  enum Found: Equatable {
    /// A whole record, and where the next begins.
    case record(kind: UInt8, payload: Range<Int>, next: Int)
    /// The bytes end before the record does: it is being written, or was never finished.
    case incomplete
    /// The length is absurd or the checksum is wrong.
    case damaged
  }

  /// Looks at the record that begins at `place`.
  static func find(in bytes: [UInt8], at place: Int) -> Found {
    let left = bytes.count - place
    guard left >= 5 else { return .incomplete }
    let length = (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    guard length <= maximumPayload else { return .damaged }
    guard left >= length + overhead else { return .incomplete }
    let end = place + 5 + length
    let sum = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[end + $1]) << UInt32(8 * $1) }
    var crc = CRC32C()
    crc.update(bytes.span.extracting(place..<end))
    guard crc.value == sum else { return .damaged }
    return .record(kind: bytes[place + 4], payload: place + 5..<end, next: end + 4)
  }
}
