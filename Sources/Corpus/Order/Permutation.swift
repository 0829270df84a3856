import Base

/// A random order of 0..<count that needs no table: where element k goes is computed.
///
/// A Feistel network over the least even number of bits that holds the count, walked along its cycle
/// until it lands inside (Black and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002).
struct Permutation: Sendable {
  let count: Int
  private let random: CounterRandom
  private let halfBits: UInt64
  private let mask: UInt64

  private static let rounds: UInt64 = 8

  /// The order number `step` of a seed.
  init(count: Int, seed: UInt64, purpose: UInt32, step: UInt64) {
    precondition(count > 0, "a permutation of \(count) elements")
    self.count = count
    random = CounterRandom(seed: seed, purpose: purpose, step: step)
    var bits: UInt64 = 1
    while bits < 31, UInt64(count) > 1 << (2 * bits) { bits += 1 }
    halfBits = bits
    mask = (1 << bits) - 1
  }

  /// Where `index` goes.
  ///
  /// - Complexity: O(1); at most four passes of the network on average.
  subscript(index: Int) -> Int {
    precondition(index >= 0 && index < count, "element \(index) of \(count)")
    var value = UInt64(index)
    repeat { value = pass(value) } while value >= UInt64(count)
    return Int(value)
  }

  private func pass(_ value: UInt64) -> UInt64 {
    var left = value >> halfBits
    var right = value & mask
    for round in 0..<Permutation.rounds {
      (left, right) = (right, left ^ random.bits(round << 32 | right) & mask)
    }
    return left << halfBits | right
  }
}
