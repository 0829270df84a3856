import Base

/// Writes Protocol Buffers fields into a growing byte string.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ field: ProtobufField) {
    switch field.value {
    case .varint(let bits): write(field.number, integer: bits)
    case .fixed64(let bits):
      key(field.number, 1)
      bytes.appendLittleEndian(bits)
    case .bytes(let value): write(field.number, bytes: value)
    case .fixed32(let bits): write(field.number, bits: bits)
    }
  }

  mutating func write(_ number: Int, integer: UInt64) {
    key(number, 0)
    bytes.appendVarint(integer)
  }

  mutating func write(_ number: Int, float: Float) { write(number, bits: float.bitPattern) }

  mutating func write(_ number: Int, bytes value: some Collection<UInt8>) {
    key(number, 2)
    bytes.appendVarint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  private mutating func write(_ number: Int, bits: UInt32) {
    key(number, 5)
    bytes.appendLittleEndian(bits)
  }

  private mutating func key(_ number: Int, _ type: UInt64) {
    bytes.appendVarint(UInt64(number) << 3 | type)
  }
}
