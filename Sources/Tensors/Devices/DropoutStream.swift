import Base

/// The random words of one dropout, as every device draws them.
struct DropoutStream {
  let random: CounterRandom
  /// A word below this drops its element.
  let threshold: UInt32
  /// What kept elements are multiplied by.
  let scale: Double

  /// - Parameter key: The seed, its upper half, and the step.
  init(key: Span<Int32>, purpose: UInt32, rate: Float) {
    random = CounterRandom(key: key, purpose: purpose)
    threshold = UInt32(Double(rate) * 0x1p32)
    scale = 1 / (1 - Double(rate))
  }

  /// Whether element `index` is kept.
  func keeps(_ index: Int) -> Bool { random.word(index) >= threshold }
}

extension CounterRandom {
  /// The stream of a purpose.
  ///
  /// - Parameter key: The seed, its upper half, and the step.
  init(key: Span<Int32>, purpose: UInt32) {
    func word(_ index: Int) -> UInt64 { UInt64(UInt32(bitPattern: key[index])) }
    self.init(seed: word(1) << 32 | word(0), purpose: purpose, step: word(2))
  }
}

/// What becomes of a weight that is kept as bf16 alone.
enum RandomRounding {
  /// The purpose of its random numbers.
  static let purpose: UInt32 = 0x524F_554E  // "ROUN"

  /// One of the two numbers of bf16 next to `x`, the nearer the likelier: the mean is x.
  static func rounded(_ x: Float, _ word: UInt32) -> Float {
    let up = x.bitPattern &+ (word & 0xFFFF)
    let isBeyond = up & 0x7F80_0000 == 0x7F80_0000
    return Float(bitPattern: (isBeyond ? x.bitPattern : up) & 0xFFFF_0000)
  }
}
