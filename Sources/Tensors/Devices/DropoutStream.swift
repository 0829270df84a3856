import Base

/// The random words of one dropout, as every device draws them.
struct DropoutStream {
  let random: CounterRandom
  let step: UInt64
  /// A word below this drops its element.
  let threshold: UInt32
  /// What kept elements are multiplied by.
  let scale: Double

  /// - Parameter key: The seed, its upper half, and the step.
  init(key: Span<Int32>, purpose: UInt32, rate: Float) {
    let words = (0..<3).map { UInt64(UInt32(bitPattern: key[$0])) }
    step = words[2]
    random = CounterRandom(seed: words[1] << 32 | words[0], purpose: purpose, step: step)
    threshold = UInt32(Double(rate) * 0x1p32)
    scale = 1 / (1 - Double(rate))
  }

  /// Whether element `index` is kept: word index mod 4 of block ⌊index / 4⌋.
  func keeps(_ index: Int) -> Bool {
    let block = random.block(UInt64(index / 4))
    let word =
      switch index % 4 {
      case 0: block.0
      case 1: block.1
      case 2: block.2
      default: block.3
      }
    return word >= threshold
  }
}
