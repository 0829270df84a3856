import Base

/// Walks over the bytes of a binary file, lowest byte first, and never past their end.
///
/// Errors name the file's kind, the field and the byte at which it begins.
struct BinaryCursor: ~Escapable {
  let bytes: RawSpan
  /// Where the next field begins.
  var offset: Int
  /// What the errors call the file, as "GGUF".
  let what: String

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, at offset: Int = 0, what: String) {
    self.bytes = bytes
    self.offset = offset
    self.what = what
  }

  /// The bytes that are left.
  var left: Int { bytes.byteCount - offset }

  /// A whole number.
  ///
  /// - Parameter field: what the number is, for errors.
  mutating func integer<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type, _ field: @autoclosure () -> String
  ) throws(Failure) -> Number {
    try need(Number.bitWidth / 8, field())
    let value = bytes.littleEndian(at: offset, as: type)
    offset += Number.bitWidth / 8
    return value
  }

  /// A number of things that follow, each of at least `size` bytes.
  ///
  /// - Throws: ``Failure`` if so many do not fit into what is left, so that nothing is made in vain.
  mutating func count(ofBytes size: Int, _ field: @autoclosure () -> String) throws(Failure) -> Int
  {
    let start = offset
    let count = try integer(UInt64.self, field())
    guard count <= UInt64(left / size) else {
      throw malformed(field(), "claims \(count) where \(left) bytes are left", at: start)
    }
    return Int(count)
  }

  /// Bytes as they are.
  mutating func raw(_ count: Int, _ field: @autoclosure () -> String) throws(Failure) -> [UInt8] {
    try need(count, field())
    var copy: [UInt8] = []
    copy.reserveCapacity(count)
    for place in offset..<offset + count { copy.append(bytes.byte(at: place)) }
    offset += count
    return copy
  }

  /// UTF-8 text of so many bytes.
  mutating func text(_ count: Int, _ field: @autoclosure () -> String) throws(Failure) -> String {
    let start = offset
    let raw = try raw(count, field())
    guard let text = String(validating: raw, as: UTF8.self) else {
      throw malformed(field(), "is no UTF-8", at: start)
    }
    return text
  }

  /// Checks that so many bytes are left.
  func need(_ count: Int, _ field: @autoclosure () -> String) throws(Failure) {
    guard count >= 0, count <= left else {
      throw malformed(field(), "needs \(count) bytes where \(left) are left", at: offset)
    }
  }

  /// The error of a field that breaks a rule.
  func malformed(_ field: String, _ problem: String, at offset: Int) -> Failure {
    Failure(
      "invalid \(what): \(Sanitiser.visible(field)) at byte \(offset) \(problem)",
      remedy: "Copy or make the file again.")
  }
}
