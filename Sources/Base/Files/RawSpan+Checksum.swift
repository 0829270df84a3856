extension RawSpan {
  /// The CRC-32C of the bytes.
  public var crc32c: UInt32 {
    var crc = CRC32C()
    unsafe withUnsafeBytes { bytes in
      unsafe crc.update(bytes.bindMemory(to: UInt8.self).span)
    }
    return crc.value
  }
}
