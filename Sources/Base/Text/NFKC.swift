import CUtf8proc
import Glibc

/// The compatibility composition of a text (Unicode normalisation form NFKC, UAX #15).
///
/// Full-width letters and digits become ASCII, half-width kana full-width, ligatures their letters,
/// and combining marks join what they follow.
public func nfkc(_ text: String) -> String {
  // ASCII is its own normal form, and most of what is normalised is ASCII.
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
  var bytes = Array(text.utf8)
  let options = utf8proc_option_t(
    rawValue: UTF8PROC_STABLE.rawValue | UTF8PROC_COMPOSE.rawValue | UTF8PROC_COMPAT.rawValue)
  // Safe: utf8proc reads bytes.count bytes, and `result` is ours to free; the copy is made before.
  return unsafe bytes.withUnsafeMutableBufferPointer { source in
    var result: UnsafeMutablePointer<utf8proc_uint8_t>?
    let count = unsafe utf8proc_map(source.baseAddress, source.count, &result, options)
    defer { unsafe free(result) }
    guard count >= 0, let result = unsafe result else {
      // A Swift string is valid UTF-8, so only memory can be lacking.
      preconditionFailure("utf8proc could not normalise \(source.count) bytes: error \(count)")
    }
    return unsafe String(
      decoding: UnsafeBufferPointer(start: result, count: count), as: UTF8.self)
  }
}
