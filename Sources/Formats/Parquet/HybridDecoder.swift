/// Hands out small numbers in Parquet's mixture of runs and packed bits (Encodings.md, RLE).
struct HybridDecoder {
  private let bytes: [UInt8]
  private var place: Int
  private let end: Int
  private let width: Int
  /// What is left of the run or the packed group.
  private var left = 0
  private var run: Int?
  /// The bit at which the next packed number begins.
  private var bit = 0

  /// - Parameters:
  ///   - range: where the numbers lie in `bytes`.
  ///   - width: the bits of a number, 0 to 32.
  init(_ bytes: [UInt8], _ range: Range<Int>, width: Int) {
    self.bytes = bytes
    place = range.lowerBound
    end = range.upperBound
    self.width = width
  }

  /// The next number; nil at the end.
  mutating func next() -> Int? {
    while left == 0 { guard begin() else { return nil } }
    left -= 1
    if let run { return run }
    var value = 0
    for index in 0..<width {
      let at = bit + index
      guard place + at / 8 < end else { return nil }
      value |= Int(bytes[place + at / 8] >> UInt8(at % 8) & 1) << index
    }
    bit += width
    if left == 0 { place = min(end, place + (bit + 7) / 8) }
    return value
  }

  /// Reads the head of the next run or group; false at the end.
  private mutating func begin() -> Bool {
    var head = 0
    var shift = 0
    while true {
      guard place < end, shift < 35 else { return false }
      let byte = Int(bytes[place])
      place += 1
      head |= (byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 { break }
    }
    if head & 1 == 1 {
      left = (head >> 1) * 8
      run = nil
      bit = 0
      return true
    }
    left = head >> 1
    var value = 0
    for index in 0..<(width + 7) / 8 {
      guard place < end else { return false }
      value |= Int(bytes[place]) << (8 * index)
      place += 1
    }
    run = value
    return true
  }
}
