import Base
import Testing

@Suite("Counter-based random numbers") struct CounterRandomTests {
  /// Known answers of Philox4x32-10 from Random123's `kat_vectors`: counter, key, result.
  static let answers: [(counter: [UInt32], key: [UInt32], result: [UInt32])] = [
    (
      [0, 0, 0, 0], [0, 0],
      [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
    ),
    (
      [UInt32](repeating: .max, count: 4), [.max, .max],
      [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
    ),
    (
      [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    ),
  ]

  @Test("gives Philox's known answers", arguments: answers.indices)
  func knownAnswers(_ index: Int) {
    let (counter, key, result) = Self.answers[index]
    func join(_ low: UInt32, _ high: UInt32) -> UInt64 { UInt64(high) << 32 | UInt64(low) }
    // Purpose 0 enters the key as this constant.
    let seed = join(key[0], key[1]) ^ 0x9E37_79B9_7F4A_7C15
    let random = CounterRandom(seed: seed, purpose: 0, step: join(counter[2], counter[3]))
    let block = random.block(join(counter[0], counter[1]))
    #expect([block.0, block.1, block.2, block.3] == result)
  }

  @Test("seeds, purposes, steps and elements give different numbers")
  func differences() {
    var seen: Set<UInt64> = []
    for seed in 0..<6 as Range<UInt64> {
      for purpose in 0..<6 as Range<UInt32> {
        for step in 0..<6 as Range<UInt64> {
          let random = CounterRandom(seed: seed, purpose: purpose, step: step)
          for element in 0..<6 as Range<UInt64> { seen.insert(random.bits(element)) }
        }
      }
    }
    #expect(seen.count == 6 * 6 * 6 * 6)
  }

  @Test("uniform and normal numbers have their moments")
  func moments() {
    let random = CounterRandom(seed: 5, purpose: 1)
    let count = 200_000
    var uniform = (0.0, 0.0)
    var normal = (0.0, 0.0, 0.0)
    for element in 0..<UInt64(count) {
      let u = random.uniform(element)
      #expect(u >= 0 && u < 1)
      uniform = (uniform.0 + u, uniform.1 + u * u)
      let z = random.normal(element)
      normal = (normal.0 + z, normal.1 + z * z, normal.2 + z * z * z * z)
    }
    let n = Double(count)
    // Within five standard errors of the exact values.
    #expect(abs(uniform.0 / n - 0.5) < 5 * (1 / 12.0 / n).squareRoot())
    #expect(abs(uniform.1 / n - 1 / 3.0) < 5 * (4 / 45.0 / n).squareRoot())
    #expect(abs(normal.0 / n) < 5 / n.squareRoot())
    #expect(abs(normal.1 / n - 1) < 5 * (2 / n).squareRoot())
    #expect(abs(normal.2 / n - 3) < 5 * (96 / n).squareRoot())
  }

  @Test("below stays in range and reaches all of it")
  func below() {
    let random = CounterRandom(seed: 9, purpose: 2)
    var counts = [0, 0, 0, 0, 0, 0, 0]
    for element in 0..<7000 as Range<UInt64> { counts[random.below(7, element)] += 1 }
    #expect(counts.allSatisfy { (850...1150).contains($0) }, "\(counts)")
    #expect(random.below(1, 3) == 0)
  }

  @Test("a permutation holds each index once", arguments: [0, 1, 2, 1000])
  func permutation(_ count: Int) {
    let order = CounterRandom(seed: 1, purpose: 3).permutation(count)
    #expect(order.sorted() == Array(0..<count))
    #expect(count < 1000 || order != order.sorted())
  }
}
