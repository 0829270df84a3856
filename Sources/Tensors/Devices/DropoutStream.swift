import Base

/// The random numbers of one dropout: `key` holds the seed, its upper half, and the step.
func dropoutStream(_ key: Span<Int32>, purpose: UInt32) -> CounterRandom {
  let words = (0..<3).map { UInt64(UInt32(bitPattern: key[$0])) }
  return CounterRandom(seed: words[1] << 32 | words[0], purpose: purpose, step: words[2])
}
