import Glibc

/// Random numbers as a function of a key and a counter: no hidden state, nothing to save.
///
/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). The key is
/// made of seed and purpose, the counter of step and element.
public struct CounterRandom: Sendable {
  /// The two words of the key, for kernels that draw the same numbers.
  public let key: (UInt32, UInt32)
  /// The upper half of the counter, likewise.
  public let step: UInt64

  /// The stream for one purpose and step of an experiment.
  public init(seed: UInt64, purpose: UInt32, step: UInt64 = 0) {
    // The purpose enters by a multiplication with an odd constant, so that neighbouring seeds and
    // purposes never meet in one key.
    let mixed = seed ^ (UInt64(purpose) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    key = (UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
    self.step = step
  }

  /// 128 random bits for the counter (element, step), as four words.
  public func block(_ element: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
    var c0 = UInt32(truncatingIfNeeded: element)
    var c1 = UInt32(truncatingIfNeeded: element >> 32)
    var c2 = UInt32(truncatingIfNeeded: step)
    var c3 = UInt32(truncatingIfNeeded: step >> 32)
    var (k0, k1) = key
    for _ in 0..<10 {
      let p0 = UInt64(0xD251_1F53) &* UInt64(c0)
      let p1 = UInt64(0xCD9E_8D57) &* UInt64(c2)
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }

  /// 32 random bits for element `index`: word index mod 4 of block ⌊index / 4⌋.
  public func word(_ index: Int) -> UInt32 {
    let block = block(UInt64(index / 4))
    return switch index % 4 {
    case 0: block.0
    case 1: block.1
    case 2: block.2
    default: block.3
    }
  }

  /// 64 random bits for `element`.
  public func bits(_ element: UInt64) -> UInt64 {
    let words = block(element)
    return UInt64(words.1) << 32 | UInt64(words.0)
  }

  /// A number in [0, 1) with 53 random bits.
  public func uniform(_ element: UInt64) -> Double { Double(bits(element) >> 11) * 0x1p-53 }

  /// A whole number in 0..<`bound`, without bias that could be measured (64-bit multiply).
  public func below(_ bound: Int, _ element: UInt64) -> Int {
    Int(bits(element).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A standard normal number (Box and Muller).
  public func normal(_ element: UInt64) -> Double {
    let words = block(element)
    let u = (Double(UInt64(words.1) << 32 | UInt64(words.0)) + 0.5) * 0x1p-64
    let v = Double(UInt64(words.3) << 32 | UInt64(words.2)) * 0x1p-64
    return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
  }

  /// A random order of 0..<`count` (Fisher and Yates).
  public func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for index in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(index, below(index + 1, UInt64(index)))
    }
    return order
  }
}
