import Base
import TestSupport
import Testing

@testable import Training

@Suite("Spike detector") struct SpikeDetectorTests {
  /// What a detector that sees losses alone says of each.
  static func run(_ losses: [Double], _ policy: SpikePolicy = SpikePolicy())
    -> (spikes: [SpikeDetector.Excess], levels: [SpikeDetector.Excess])
  {
    var detector = SpikeDetector(policy: policy)
    var result = (spikes: [SpikeDetector.Excess](), levels: [SpikeDetector.Excess]())
    for (index, loss) in losses.enumerated() {
      for verdict in detector.observe(loss: loss, gradientNorm: 1, step: index + 1) {
        switch verdict {
        case .high: break
        case .spike(let excess): result.spikes.append(excess)
        case .level(let excess): result.levels.append(excess)
        }
      }
    }
    return result
  }

  /// An ordinary loss: falling, with normal noise.
  static func losses(_ seed: UInt64, count: Int = 600) -> [Double] {
    let random = CounterRandom(seed: seed, purpose: 1)
    return (0..<count).map {
      3 + 5.3 * exponential(-Double($0) / 60) + 0.05 * random.normal(UInt64($0))
    }
  }

  /// What invented curves are measured with, and from what size on nearly all spikes are to be found.
  struct Case: CustomTestStringConvertible {
    let signal: SpikeDetector.Signal
    var hasOddDocuments = false
    var policy = SpikePolicy()
    let large: Double

    var testDescription: String { "\(signal), odd documents: \(hasOddDocuments), from \(large)" }

    static var all: [Case] {
      var even = SpikePolicy()
      even.normDeviations = even.deviations
      return [
        Case(signal: .loss, large: 8),
        Case(signal: .gradientNorm, hasOddDocuments: true, large: 20),
        Case(signal: .gradientNorm, policy: even, large: 8),
      ]
    }
  }

  /// How a series does on invented curves: found and all by size, false alarms, steps.
  static func measure(seeds: Range<UInt64>, _ given: Case) -> (
    found: [Double: Int], all: [Double: Int], falseAlarms: Int, steps: Int
  ) {
    var result = (found: [Double: Int](), all: [Double: Int](), falseAlarms: 0, steps: 0)
    for seed in seeds {
      // Half of the curves have no spike: what noise, shifts and divergence alone give.
      let curve = InventedCurve(
        seed: seed / 2, isNorm: given.signal == .gradientNorm,
        hasOddDocuments: given.hasOddDocuments, hasSpikes: seed % 2 == 0)
      var series = SpikeSeries(given.policy, of: given.signal)
      var starts: [Int] = []
      for (index, value) in curve.values.enumerated() {
        let isHigh = series.limit.map { value > $0 } ?? false
        if case .spike(let excursion) = series.observe(value, step: index + 1, isHigh: isHigh) {
          starts.append(excursion.start)
        }
      }
      for spike in curve.spikes {
        let own = spike.start...spike.start + spike.length
        result.all[spike.size, default: 0] += 1
        if starts.contains(where: own.contains) { result.found[spike.size, default: 0] += 1 }
        starts.removeAll { own.contains($0) }
      }
      result.falseAlarms += starts.count
      result.steps += curve.values.count
    }
    return result
  }

  @Test(
    "finds more than 0.99 of the large spikes, with less than one false alarm in 100,000 steps",
    arguments: Case.all)
  func figures(given: Case) {
    let result = Self.measure(seeds: 0..<(wantsLongChecks ? 1000 : 100), given)
    if wantsLongChecks {
      // The table of docs/spikes.md.
      let shares = InventedCurve.sizes.map {
        "\(Int($0)): \(Format.fixed(Double(result.found[$0, default: 0]) / Double(result.all[$0] ?? 1), 3))"
      }
      print(
        given.testDescription, "|", shares.joined(separator: ", "), "|", result.falseAlarms,
        "false alarms")
    }
    #expect(result.falseAlarms * 100_000 < result.steps)
    let sizes = InventedCurve.sizes.filter { $0 >= given.large }
    let found = sizes.reduce(0) { $0 + result.found[$1, default: 0] }
    let all = sizes.reduce(0) { $0 + result.all[$1, default: 0] }
    #expect(all > 150)
    #expect(Double(found) / Double(all) > 0.99, "\(found) of \(all)")
  }

  @Test("a bad batch is one spike at its step", arguments: 0..<20 as Range<UInt64>)
  func badBatch(_ seed: UInt64) throws {
    var losses = Self.losses(seed)
    losses[119] += 6
    let result = Self.run(losses)
    let spike = try #require(result.spikes.first)
    #expect(result.spikes.count == 1 && result.levels.isEmpty)
    #expect(spike.start == 120 && spike.end == 120 && spike.signal == .loss)
    #expect(spike.peak == losses[119])
    #expect(abs(spike.expected - (losses[119] - 6)) < 0.6 && spike.deviations > 20)
  }

  @Test func `a jump that decays is one spike, told when it is over`() {
    var losses = Self.losses(3, count: 300)
    for step in 200..<230 { losses[step] += 3 * exponential(-Double(step - 200) / 6) }
    #expect(Self.run(Array(losses.prefix(204))).spikes.isEmpty)
    #expect(Self.run(losses).spikes.map(\.start) == [201])
  }

  @Test("a new level is no spike, up or down", arguments: [-30.0, -5, -1, 1, 3, 5, 8, 30])
  func levelShift(_ deviations: Double) {
    for seed in 0..<20 as Range<UInt64> {
      var losses = Self.losses(seed)
      for step in 300..<600 { losses[step] += deviations * 0.05 }
      losses[500] += 2
      let result = Self.run(losses)
      #expect(result.spikes.map(\.start) == [501], "seed \(seed)")
      guard deviations >= 8 else { continue }
      #expect(result.levels.count == 1 && (301...303).contains(result.levels[0].start))
    }
  }

  @Test func `a slow divergence is no spike`() {
    for seed in 0..<20 as Range<UInt64> {
      var losses = Self.losses(seed)
      for step in 300..<600 { losses[step] += 2e-5 * Double((step - 300) * (step - 300)) }
      #expect(Self.run(losses).spikes.isEmpty, "seed \(seed)")
    }
  }

  @Test func `the gradient norm alone is enough, and both together are one spike`() {
    let losses = Self.losses(7)
    let random = CounterRandom(seed: 7, purpose: 2)
    var detector = SpikeDetector(policy: SpikePolicy())
    var spikes: [SpikeDetector.Excess] = []
    for (index, loss) in losses.enumerated() {
      var (loss, norm) = (loss, exponential(0.1 * random.normal(UInt64(index))))
      if [200, 400].contains(index) { norm *= 30 }
      if index == 401 { loss += 3 }
      for case .spike(let excess) in detector.observe(
        loss: loss, gradientNorm: norm, step: index + 1)
      {
        spikes.append(excess)
      }
    }
    #expect(spikes.map(\.start) == [201, 401])
    #expect(spikes.map(\.signal) == [.gradientNorm, .gradientNorm])
    #expect(spikes.allSatisfy { (10...60).contains($0.peak) })
  }

  @Test func `values that are no numbers neither alarm nor blind`() {
    var losses = Self.losses(3, count: 300)
    for step in [50, 51, 52, 90, 150] { losses[step] = step == 90 ? .infinity : .nan }
    losses[200] = 10
    #expect(Self.run(losses).spikes.map(\.start) == [201])
  }

  @Test func `is silent in the warm-up`() {
    let level = (0..<80).map { 8 + 0.01 * Double($0 % 3) }
    #expect(Self.run(level.prefix(63) + [50] + level).spikes.isEmpty)
    #expect(Self.run(level.prefix(64) + [50] + level).spikes.map(\.start) == [65])
  }

  @Test func `leaves out so many updates in a row as its patience says`() {
    var detector = SpikeDetector(policy: SpikePolicy())
    for step in 1...80 {
      _ = detector.observe(loss: 4 + 0.01 * Double(step % 3), gradientNorm: 1, step: step)
    }
    var skipped: [Bool] = []
    for (step, loss) in [9.0, 9, 9, 9, 9, 4, 4, 9].enumerated() {
      skipped.append(loss > detector.updateLimits.loss)
      _ = detector.observe(loss: loss, gradientNorm: 1, step: 81 + step)
    }
    #expect(skipped == [true, true, true, false, false, false, false, true])
  }

  @Test func `goes on from what was saved as if nothing had been`() throws {
    var losses = Self.losses(9, count: 300)
    for step in 140..<150 { losses[step] += 4 }
    var whole = SpikeDetector(policy: SpikePolicy())
    for (index, loss) in losses.enumerated() {
      if index % 7 == 3 || (140...152).contains(index) {
        var state = TrainerState(
          policy: SpikePolicy(), configurationHash: "a", tokenizerHash: "b")
        state.spike = whole
        (state.batchShift, state.rollbacks, state.loweredUntil) = (3, 1, 700)
        let text = state.json.text(pretty: true)
        let again = try TrainerState(try JSON.parse(text), policy: SpikePolicy(), file: "x")
        #expect(again == state)
        whole = again.spike
      }
      _ = whole.observe(loss: loss, gradientNorm: 1 + loss / 10, step: index + 1)
    }
    var alone = SpikeDetector(policy: SpikePolicy())
    for (index, loss) in losses.enumerated() {
      _ = alone.observe(loss: loss, gradientNorm: 1 + loss / 10, step: index + 1)
    }
    #expect(whole == alone)
    #expect(alone.lastSpike == 150)
  }

  @Test func `the spike score is the share of points seven deviations up`() {
    var score = SpikeScore()
    #expect(score.share == nil)
    for step in 0..<2100 {
      // Deviation 1 about 1,000: a spike of 20 is far above, one of 6 is not.
      let value = 1000 + (step % 2 == 0 ? 1.0 : -1)
      score.add(step == 500 || step == 1800 ? value + 20 : step == 900 ? value + 5 : value)
      score.add(.nan)
    }
    #expect(score.share == 2.0 / 2000)
  }
}
