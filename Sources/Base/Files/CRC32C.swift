/// CRC-32C (Castagnoli, polynomial 0x1EDC6F41 reflected), as in iSCSI, RFC 3720 appendix B.4.
public struct CRC32C: Sendable {
  private var state: UInt32 = 0xFFFF_FFFF

  public init() {}

  /// Takes in more bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    var crc = state
    var index = 0
    let tables = CRC32C.tables.span
    // Eight bytes a round through eight tables ("slicing by 8").
    while index + 8 <= bytes.count {
      let low =
        crc
        ^ (UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
          | UInt32(bytes[index + 3]) << 24)
      crc = tables[1792 + Int(low & 255)] ^ tables[1536 + Int(low >> 8 & 255)]
      crc ^= tables[1280 + Int(low >> 16 & 255)] ^ tables[1024 + Int(low >> 24)]
      crc ^= tables[768 + Int(bytes[index + 4])] ^ tables[512 + Int(bytes[index + 5])]
      crc ^= tables[256 + Int(bytes[index + 6])] ^ tables[Int(bytes[index + 7])]
      index += 8
    }
    while index < bytes.count {
      crc = crc >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: crc) ^ bytes[index])]
      index += 1
    }
    state = crc
  }

  /// The checksum of all bytes so far.
  public var value: UInt32 { ~state }

  /// Table k holds the effect of a byte that k further zero bytes follow.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
      tables[byte] = crc
    }
    for index in 256..<tables.count {
      let previous = tables[index - 256]
      tables[index] = previous >> 8 ^ tables[Int(previous & 255)]
    }
    return tables
  }()
}

/// The CRC-32C of `bytes`.
public func crc32c(_ bytes: [UInt8]) -> UInt32 {
  var crc = CRC32C()
  crc.update(bytes.span)
  return crc.value
}
