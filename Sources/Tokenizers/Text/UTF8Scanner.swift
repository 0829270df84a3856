/// Walks over bytes that should be UTF-8, character by character.
enum UTF8Scanner {
  /// The character at `position` and its length in bytes.
  ///
  /// A byte that begins no well-formed character (overlong forms, surrogates and code points
  /// beyond U+10FFFF included) counts as U+FFFD of length 1, which is SentencePiece's rule.
  @inline(__always)
  static func character(in bytes: Span<UInt8>, at position: Int) -> (scalar: UInt32, length: Int) {
    let first = UInt32(bytes[position])
    if first < 0x80 { return (first, 1) }
    let left = bytes.count - position
    if first >= 0xe0, first < 0xf0, left >= 3 {
      let second = UInt32(bytes[position + 1]), third = UInt32(bytes[position + 2])
      let scalar = (first & 0x0f) << 12 | (second & 0x3f) << 6 | third & 0x3f
      if second & 0xc0 == 0x80, third & 0xc0 == 0x80, scalar >= 0x800,
        scalar & 0xf800 != 0xd800
      {
        return (scalar, 3)
      }
    } else if first >= 0xc2, first < 0xe0, left >= 2 {
      let second = UInt32(bytes[position + 1])
      if second & 0xc0 == 0x80 { return ((first & 0x1f) << 6 | second & 0x3f, 2) }
    } else if first >= 0xf0, first < 0xf5, left >= 4 {
      let second = UInt32(bytes[position + 1]), third = UInt32(bytes[position + 2])
      let fourth = UInt32(bytes[position + 3])
      let high = (first & 0x07) << 18 | (second & 0x3f) << 12
      let scalar = high | (third & 0x3f) << 6 | fourth & 0x3f
      if second & 0xc0 == 0x80, third & 0xc0 == 0x80, fourth & 0xc0 == 0x80,
        scalar >= 0x10000, scalar < 0x110000
      {
        return (scalar, 4)
      }
    }
    return (0xfffd, 1)
  }

  /// How many bytes the character beginning with `first` has if it is well formed; 1 for a byte that
  /// begins none.
  static func expectedLength(_ first: UInt8) -> Int {
    switch first {
    case 0xc2...0xdf: 2
    case 0xe0...0xef: 3
    case 0xf0...0xf4: 4
    default: 1
    }
  }

  /// Appends the UTF-8 form of a code point; surrogates and beyond become U+FFFD.
  static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: UTF8.encode(Unicode.Scalar(scalar) ?? "\u{fffd}")!)
  }
}
