import Base

/// Seeded random text: all of Unicode, and much of what breaks programs.
struct RandomText {
  private let random: CounterRandom
  private var element: UInt64 = 0

  init(seed: UInt64) { random = CounterRandom(seed: seed, purpose: 11) }

  mutating func number(_ count: Int) -> Int {
    element += 1
    return Int(random.bits(element) % UInt64(count))
  }

  mutating func scalar() -> Unicode.Scalar {
    let ranges: [ClosedRange<UInt32>] = [
      0x20...0x7E, 0...0x1F, 0x3041...0x30FF, 0x4E00...0x9FFF, 0x3000...0x303F, 0xFF00...0xFFEF,
      0x300...0x36F, 0x200B...0x206F, 0x1F300...0x1FAFF, 0xFE00...0xFE0F, 0x900...0x97F,
      0xAC00...0xD7A3, 0x1100...0x11FF, 0xE0000...0xE01EF, 0...0x10FFFF, 0x80...0x2FF,
    ]
    while true {
      let range = ranges[number(ranges.count)]
      let value = range.lowerBound + UInt32(number(range.count))
      if let scalar = Unicode.Scalar(value) { return scalar }
    }
  }

  mutating func text(upTo length: Int) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<number(length + 1) {
      switch number(8) {
      case 0: text.append(" ")
      case 1: text.append("\n")
      case 2: text.append(contentsOf: "word".unicodeScalars)
      case 3: text.append(contentsOf: "「か\u{3099}。」".unicodeScalars)
      default: text.append(scalar())
      }
    }
    return String(text)
  }
}
