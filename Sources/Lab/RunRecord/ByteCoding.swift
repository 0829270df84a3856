import Base

/// Builds the payload of a record, little-endian.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func put(byte: UInt8) { bytes.append(byte) }

  mutating func put(_ more: [UInt8]) { bytes += more }

  mutating func put(varint value: UInt64) { bytes.appendVarint(value) }

  /// A whole number that is never negative; a negative one counts as 0.
  mutating func put(count value: Int) { put(varint: UInt64(max(0, value))) }

  /// A signed number, folded so that small magnitudes stay short: 0, −1, 1, −2, …
  mutating func put(signed value: Int) {
    put(varint: UInt64(bitPattern: Int64(value << 1 ^ value >> 63)))
  }

  mutating func put(text: String) {
    let utf8 = Array(text.utf8)
    put(count: utf8.count)
    bytes += utf8
  }

  mutating func put(word: UInt32) { bytes.appendLittleEndian(word) }

  mutating func put(single value: Float) { put(word: value.bitPattern) }

  mutating func put(double value: Double) { bytes.appendLittleEndian(value.bitPattern) }
}

/// A payload that does not hold what its kind promises.
struct Malformed: Error {}

/// Reads the payload of a record; whatever is missing or out of bounds throws.
struct ByteReader {
  private let bytes: [UInt8]
  private var index: Int
  private let end: Int

  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    index = range.lowerBound
    end = range.upperBound
  }

  /// Bytes not yet read.
  var left: Int { end - index }

  mutating func byte() throws(Malformed) -> UInt8 {
    guard index < end else { throw Malformed() }
    defer { index += 1 }
    return bytes[index]
  }

  mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
    guard count >= 0, count <= left else { throw Malformed() }
    defer { index += count }
    return bytes[index..<index + count]
  }

  mutating func varint() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    for shift: UInt64 in stride(from: 0, through: 63, by: 7) {
      let next = try byte()
      // The tenth byte has room for one bit.
      guard shift < 63 || next <= 1 else { throw Malformed() }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return value }
    }
    throw Malformed()
  }

  /// A whole number up to `limit`.
  mutating func count(upTo limit: Int) throws(Malformed) -> Int {
    guard let value = Int(exactly: try varint()), value <= limit else { throw Malformed() }
    return value
  }

  mutating func signed() throws(Malformed) -> Int {
    let folded = try varint()
    return Int(truncatingIfNeeded: folded >> 1) ^ -Int(truncatingIfNeeded: folded & 1)
  }

  mutating func text() throws(Malformed) -> String {
    String(decoding: try take(try count(upTo: left)), as: UTF8.self)
  }

  /// `count` numbers of four bytes each.
  mutating func singles(_ count: Int) throws(Malformed) -> [Double] {
    guard count <= left / 4 else { throw Malformed() }
    var values: [Double] = []
    values.reserveCapacity(count)
    for _ in 0..<count {
      values.append(Double(Float(bitPattern: word(at: index))))
      index += 4
    }
    return values
  }

  /// `count` numbers of eight bytes each.
  mutating func doubles(_ count: Int) throws(Malformed) -> [Double] {
    guard count <= left / 8 else { throw Malformed() }
    var values: [Double] = []
    values.reserveCapacity(count)
    for _ in 0..<count {
      let bits = UInt64(word(at: index)) | UInt64(word(at: index + 4)) << 32
      values.append(Double(bitPattern: bits))
      index += 8
    }
    return values
  }

  mutating func double() throws(Malformed) -> Double { try doubles(1)[0] }

  private func word(at place: Int) -> UInt32 {
    UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
      | UInt32(bytes[place + 3]) << 24
  }
}
