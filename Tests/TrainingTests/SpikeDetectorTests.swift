import Base
import Foundation
import Testing
import Training

@Suite("Spike detector") struct SpikeDetectorTests {
  /// A curve that falls as training curves do, with noise of `noise` nats.
  struct Curve: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var floor = 3.0, drop = 5.3, scale = 60.0, noise = 0.06
    var isHeavyTailed = false

    func loss(_ step: Int, _ random: CounterRandom) -> Double {
      let normal = random.normal(UInt64(step))
      // Laplace noise of the same spread: its tails are those of odd documents.
      let uniform = random.uniform(UInt64(step) | 1 << 40) - 0.5
      let laplace = -log(1 - 2 * abs(uniform)) * (uniform < 0 ? -1 : 1) / 2.0.squareRoot()
      return floor + drop * exp(-Double(step) / scale) + noise * (isHeavyTailed ? laplace : normal)
    }
  }

  static let curves = [
    Curve(testDescription: "smooth", noise: 0),
    Curve(testDescription: "ordinary"),
    Curve(testDescription: "noisy", noise: 0.15),
    Curve(testDescription: "heavy tails", noise: 0.04, isHeavyTailed: true),
    Curve(testDescription: "steep", floor: 2, drop: 7, scale: 8),
    Curve(testDescription: "slow", scale: 700),
    Curve(testDescription: "flat", drop: 0),
  ]

  /// The steps at which spikes begin, and how many losses were high.
  static func run(_ losses: [Double], _ policy: SpikeDetector.Policy = .init())
    -> (spikes: [Int], high: Int)
  {
    var detector = SpikeDetector(policy: policy)
    var result = (spikes: [Int](), high: 0)
    for (index, loss) in losses.enumerated() {
      switch detector.observe(loss, step: index + 1) {
      case .spike:
        result.spikes.append(index + 1)
        result.high += 1
      case .aftershock: result.high += 1
      case .ordinary, .notFinite: break
      }
    }
    return result
  }

  @Test("gives no false alarm over 100 seeds", arguments: curves)
  func falseAlarms(_ curve: Curve) {
    for seed in 0..<100 as Range<UInt64> {
      let random = CounterRandom(seed: seed, purpose: 1)
      let spikes = Self.run((0..<600).map { curve.loss($0, random) }).spikes
      #expect(spikes.isEmpty, "seed \(seed)")
    }
  }

  @Test("finds one bad batch where it is", arguments: curves, [40, 120, 500])
  func badBatch(_ curve: Curve, _ step: Int) {
    for seed in 0..<20 as Range<UInt64> {
      let random = CounterRandom(seed: seed, purpose: 1)
      var losses = (0..<600).map { curve.loss($0, random) }
      // Random ids cost about the logarithm of the vocabulary and what confidence adds.
      losses[step - 1] = max(8.3, losses[step - 1]) + 1.2
      #expect(Self.run(losses).spikes == [step], "seed \(seed)")
    }
  }

  @Test func `a jump that decays is one spike`() {
    let random = CounterRandom(seed: 3, purpose: 1)
    var losses = (0..<400).map { Self.curves[1].loss($0, random) }
    for step in 200..<260 { losses[step] += 3 * exp(-Double(step - 200) / 12) }
    #expect(Self.run(losses).spikes == [201])
  }

  @Test("a new level is one spike, and then the level", arguments: 0..<20 as Range<UInt64>)
  func levelShift(_ seed: UInt64) {
    let random = CounterRandom(seed: seed, purpose: 1)
    var losses = (0..<600).map { Self.curves[1].loss($0, random) }
    for step in 200..<600 { losses[step] += 2 }
    let result = Self.run(losses)
    #expect(result.spikes == [201])
    #expect(result.high <= 66, "the window starts anew")
    losses[500] = 12
    #expect(Self.run(losses).spikes == [201, 501])
  }

  @Test func `values that are no numbers neither alarm nor blind`() {
    let random = CounterRandom(seed: 3, purpose: 1)
    var losses = (0..<300).map { Self.curves[1].loss($0, random) }
    for step in [50, 51, 52, 90, 150] { losses[step] = step == 90 ? .infinity : .nan }
    losses[200] = 10
    #expect(Self.run(losses).spikes == [201])
  }

  @Test func `is silent in the warm-up`() {
    let losses = [Double](repeating: 8, count: 19) + [50]
    #expect(Self.run(losses).spikes.isEmpty)
    #expect(Self.run([Double](repeating: 8, count: 20) + [50]).spikes == [21])
  }

  @Test func `leaves out three updates in a row at most`() {
    var policy = SpikeDetector.Policy()
    policy.action = .skip
    var detector = SpikeDetector(policy: policy, losses: [Double](repeating: 4, count: 30))
    var skipped: [Bool] = []
    for (step, loss) in [9.0, 9, 9, 9, 9, 4, 9].enumerated() {
      skipped.append(loss > detector.lossLimit)
      _ = detector.observe(loss, step: 31 + step)
    }
    #expect(skipped == [true, true, true, false, false, false, true])
    policy.action = .record
    #expect(SpikeDetector(policy: policy, losses: detector.losses).lossLimit == .infinity)
  }

  @Test func `goes on from what was saved as if nothing had been`() throws {
    let random = CounterRandom(seed: 9, purpose: 1)
    var losses = (0..<300).map { Self.curves[2].loss($0, random) }
    for step in 140..<150 { losses[step] += 4 }
    var whole = SpikeDetector(policy: .init())
    for (index, loss) in losses.enumerated() {
      if index % 7 == 3 || (140...152).contains(index) {
        var state = TrainerState(policy: .init(), configurationHash: "a", tokenizerHash: "b")
        state.spike = whole
        let text = state.json.text(pretty: true)
        let again = try TrainerState(try JSON.parse(text), policy: .init(), file: "x")
        #expect(again == state)
        whole = again.spike
      }
      _ = whole.observe(loss, step: index + 1)
    }
    var alone = SpikeDetector(policy: .init())
    for (index, loss) in losses.enumerated() { _ = alone.observe(loss, step: index + 1) }
    #expect(whole == alone)
  }
}
