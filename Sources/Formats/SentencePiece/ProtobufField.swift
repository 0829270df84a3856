/// One field of a Protocol Buffers message, as it lies on the wire.
///
/// Kaji knows no schema compiler: a message is a list of fields, and the types that read one name
/// the numbers they understand and keep the rest as it came.
struct ProtobufField: Equatable, Sendable {
  /// What a field holds, by wire type. Groups (types 3 and 4) are refused.
  enum Value: Equatable, Sendable {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes([UInt8])
    case fixed32(UInt32)
  }

  var number: Int
  var value: Value

  /// The field as an integer, if it is one.
  var integer: Int? {
    guard case .varint(let bits) = value else { return nil }
    return Int(Int64(bitPattern: bits))
  }

  /// The field as a flag, if it is one.
  var flag: Bool? {
    guard case .varint(let bits) = value else { return nil }
    return bits != 0
  }

  /// The field as a 32-bit float, if it is one.
  var float: Float? {
    guard case .fixed32(let bits) = value else { return nil }
    return Float(bitPattern: bits)
  }

  /// The field's bytes, if it is a string, byte string or nested message.
  var bytes: [UInt8]? {
    guard case .bytes(let bytes) = value else { return nil }
    return bytes
  }

  /// The field as text, if it is a byte string of valid UTF-8.
  var text: String? {
    guard case .bytes(let bytes) = value else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
