public import Base

/// Replacements of character sequences, as SentencePiece compiles them (NFKC and the like).
///
/// The bytes are: the length of a double array (32 bits, little-endian), the array's units, and
/// texts each ended by a NUL, to which the array's values point. The array is Darts-clone's: a unit
/// has a label in bits 0–7 (bit 31 set in a leaf), bit 8 if a leaf follows, an offset in bits 10–30
/// that is shifted by 8 if bit 9 is set.
public struct CharacterMap: Sendable {
  private let units: [UInt32]
  private let texts: [UInt8]

  /// Reads a compiled map.
  ///
  /// - Throws: `Failure` if the lengths do not fit. A broken array inside is harmless: each step is
  ///   checked when it is taken.
  public init(_ bytes: [UInt8]) throws(Failure) {
    func word(_ at: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
    }
    guard bytes.count > 4, case let size = Int(word(0)), size % 4 == 0, size < bytes.count - 4
    else {
      throw Failure(
        "the normaliser's precompiled_charsmap has lengths that do not fit",
        remedy: "take the model from its source again")
    }
    units = stride(from: 4, to: 4 + size, by: 4).map(word)
    texts = Array(bytes[(4 + size)...])
    guard texts.last == 0 else {
      throw Failure(
        "the normaliser's precompiled_charsmap has a text that does not end",
        remedy: "take the model from its source again")
    }
  }

  /// A hexadecimal SHA-256 of the map.
  var fingerprint: String {
    SHA256.hex(
      of: units.flatMap { unit in (0..<4).map { UInt8(truncatingIfNeeded: unit >> UInt32(8 * $0)) }
      } + texts)
  }

  /// The longest sequence at `position` that has a replacement: its length, and the replacement.
  func match(_ bytes: Span<UInt8>, at position: Int) -> (length: Int, text: ArraySlice<UInt8>)? {
    guard let root = units.first else { return nil }
    var place = Self.offset(root), at = position
    var found: (length: Int, value: Int)?
    while at < bytes.count {
      let byte = UInt32(bytes[at])
      place ^= byte
      guard place < units.count else { break }
      let unit = units[Int(place)]
      guard unit & 0x8000_00ff == byte else { break }
      place ^= Self.offset(unit)
      at += 1
      if unit & 0x100 != 0, place < units.count {
        found = (at - position, Int(units[Int(place)] & 0x7fff_ffff))
      }
    }
    guard let found, found.value < texts.count,
      let end = texts[found.value...].firstIndex(of: 0)
    else { return nil }
    return (found.length, texts[found.value..<end])
  }

  private static func offset(_ unit: UInt32) -> UInt32 { (unit >> 10) << ((unit & 0x200) >> 6) }
}
