/// CRC-32 as in zlib and Ethernet (polynomial 0x04C11DB7 reflected).
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }

  /// The checksum of a byte and those that follow it.
  static func of(_ first: UInt8, _ bytes: [UInt8]) -> UInt32 {
    let table = self.table
    var crc = 0x00FF_FFFF ^ table[Int(0xFF ^ first)]
    for byte in bytes { crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
    return ~crc
  }
}
