internal import Glibc

/// The C library below everything.
public enum CLibrary {
  /// The version that runs, which may be newer than the one Kaji was built with: "2.36".
  public static var version: String {
    var text = [CChar](repeating: 0, count: 64)
    _ = unsafe confstr(CInt(_CS_GNU_LIBC_VERSION), &text, text.count)
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes.drop { $0 != UInt8(ascii: " ") }.dropFirst(), as: UTF8.self)
  }
}
