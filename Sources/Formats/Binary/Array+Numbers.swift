import Base

extension [UInt8] {
  /// The whole number at a byte offset, its lowest byte first; the offset is checked.
  func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Number.Type
  ) -> Number {
    let bytes = unsafe span.bytes
    return bytes.littleEndian(at: offset, as: type)
  }
}
