import Glibc

/// Writes all bytes to a descriptor, in as many calls as it takes.
///
/// - Returns: 0, or the value of `errno`; a part may have been written then.
func writeAll(_ bytes: [UInt8], to descriptor: CInt) -> CInt {
  unsafe bytes.withUnsafeBytes { buffer in
    var done = 0
    while done < buffer.count {
      let count = unsafe write(descriptor, buffer.baseAddress! + done, buffer.count - done)
      if count < 0, errno == EINTR { continue }
      if count < 0 { return errno }
      done += count
    }
    return 0
  }
}
