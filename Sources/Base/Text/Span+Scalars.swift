extension Span<UInt8> {
  /// The character that starts at `index` of valid UTF-8, and how many bytes it takes.
  func scalar(at index: Int) -> (Unicode.Scalar, width: Int) {
    let lead = self[index]
    let width = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    var value = UInt32(lead)
    if width > 1 {
      value &= 0x7F >> UInt32(width)
      for next in 1..<width { value = value << 6 | UInt32(self[index + next] & 0x3F) }
    }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", width)
  }
}
