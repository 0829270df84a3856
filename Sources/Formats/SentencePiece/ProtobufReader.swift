import Base

/// Reads the fields of one Protocol Buffers message, never past its end.
///
/// Every length is checked against the bytes that are there before anything is made from it.
struct ProtobufReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private let what: String

  /// Reads `bytes`, which errors call `what`, such as "the SentencePiece model".
  init(_ bytes: ArraySlice<UInt8>, what: String) {
    self.bytes = bytes
    self.position = bytes.startIndex
    self.what = what
  }

  /// The next field, or `nil` at the end.
  ///
  /// - Throws: `Failure` naming the offset, if the message is cut off or malformed.
  mutating func next() throws(Failure) -> ProtobufField? {
    guard position < bytes.endIndex else { return nil }
    let start = position
    let key = try varint()
    let number = key >> 3
    guard number > 0, number < 1 << 29 else {
      throw malformed("a field number of \(number)", start)
    }
    let value: ProtobufField.Value
    switch key & 7 {
    case 0: value = .varint(try varint())
    case 1: value = .fixed64(try fixed(8))
    case 2:
      let length = try varint()
      guard length <= UInt64(bytes.endIndex - position) else {
        throw malformed("a field \(number) of \(length) bytes, more than are left", start)
      }
      let end = position + Int(length)
      value = .bytes(Array(bytes[position..<end]))
      position = end
    case 5: value = .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
    case let type: throw malformed("a field \(number) of wire type \(type)", start)
    }
    return ProtobufField(number: Int(number), value: value)
  }

  /// All fields that are left.
  mutating func rest() throws(Failure) -> [ProtobufField] {
    var fields: [ProtobufField] = []
    while let field = try next() { fields.append(field) }
    return fields
  }

  private mutating func varint() throws(Failure) -> UInt64 {
    let start = position
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < bytes.endIndex else { throw malformed("a number that is cut off", start) }
      let byte = bytes[position]
      position += 1
      // The tenth byte may hold only the last bit of 64.
      guard shift < 63 || byte <= 1 else { break }
      result |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return result }
    }
    throw malformed("a number of more than 64 bits", start)
  }

  private mutating func fixed(_ size: Int) throws(Failure) -> UInt64 {
    guard bytes.endIndex - position >= size else {
      throw malformed("a fixed-size number that is cut off", position)
    }
    var result: UInt64 = 0
    for i in 0..<size { result |= UInt64(bytes[position + i]) << UInt64(8 * i) }
    position += size
    return result
  }

  private func malformed(_ found: String, _ offset: Int) -> Failure {
    Failure(
      "\(what) has \(found) at byte \(offset - bytes.startIndex)",
      remedy: "give the whole file as SentencePiece wrote it")
  }
}
