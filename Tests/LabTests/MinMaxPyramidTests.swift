import Testing
import TestSupport

@testable import Lab

@Suite("Min–max pyramid") struct MinMaxPyramidTests {
  /// The truth: one value after the other.
  private func plain(_ values: ArraySlice<Double>) -> Bin {
    var bin = Bin()
    for value in values { bin.add(value) }
    return bin
  }

  private func value(_ random: inout SeededGenerator) -> Double {
    switch Int.random(in: 0..<20, using: &random) {
    case 0: .nan
    case 1: .infinity
    case 2: -.infinity
    default: Double.random(in: -3...3, using: &random)
    }
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `any stretch is what its values say, while it grows and shrinks`(seed: UInt64) {
    var random = SeededGenerator(seed)
    var pyramid = MinMaxPyramid()
    var values: [Double] = []
    for _ in 0..<60 {
      if Int.random(in: 0..<5, using: &random) == 0 {
        let count = Int.random(in: 0...values.count, using: &random)
        values.removeLast(values.count - count)
        pyramid.truncate(to: count)
      }
      for _ in 0..<Int.random(in: 0..<300, using: &random) {
        let next = value(&random)
        values.append(next)
        pyramid.append(next)
      }
      #expect(pyramid.count == values.count)
      for _ in 0..<20 {
        let a = Int.random(in: 0...values.count, using: &random)
        let b = Int.random(in: a...values.count, using: &random)
        #expect(pyramid.bin(a..<b) == plain(values[a..<b]))
      }
    }
  }

  @Test func `a stretch is found in logarithmic time`() {
    var pyramid = MinMaxPyramid()
    for k in 0..<200_000 { pyramid.append(Double(k % 977)) }
    // 10,000 stretches of 100,000 values: only bins can do that within seconds.
    var sum = 0.0
    let clock = ContinuousClock()
    let time = clock.measure {
      for k in 0..<10_000 { sum += pyramid.bin(k + 3..<k + 100_011).maximum }
    }
    #expect(sum == 9_760_000)
    #expect(time < .seconds(5))
  }

  @Test func `columns hold each point once, and a single outlier at every zoom`() {
    var random = SeededGenerator(5)
    var series = Series()
    let count = 20_000
    for k in 0..<count { series.append(step: 3 + k * 2, Double.random(in: 0...1, using: &random)) }
    for _ in 0..<15 {
      let spike = Int.random(in: 0..<count, using: &random)
      var spiked = series
      _ = spiked.cut(after: 3 + spike * 2 - 1)
      spiked.append(step: 3 + spike * 2, 1e6)
      for k in spike + 1..<min(count, spike + 500) { spiked.append(step: 3 + k * 2, 0) }
      let step = 3 + spike * 2
      for width in [1, 7, 80, 160, 1000] {
        let low = Int.random(in: 0...step, using: &random)
        let range = low..<(step + 1 + Int.random(in: 0..<10_000, using: &random))
        let columns = spiked.columns(range, count: width)
        #expect(columns.count == width)
        #expect(columns.count { $0.maximum == 1e6 } == 1)
        #expect(columns.reduce(0) { $0 + $1.count } == spiked.points(range).count)
      }
    }
  }

  @Test func `no points, no columns that say something`() {
    #expect(Series().columns(0..<10, count: 3) == [Bin(), Bin(), Bin()])
    #expect(Series().columns(5..<5, count: 3).isEmpty)
    #expect(Series().summary.last == nil)
  }
}

@Suite("Step index") struct StepIndexTests {
  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func `it answers as a plain list of steps would`(seed: UInt64) {
    var random = SeededGenerator(seed)
    var index = StepIndex()
    var steps: [Int] = []
    for _ in 0..<300 {
      if Int.random(in: 0..<12, using: &random) == 0 {
        let count = Int.random(in: 0...steps.count, using: &random)
        steps.removeLast(steps.count - count)
        index.truncate(to: count)
      }
      let stride = Int.random(in: 1...4, using: &random)
      for _ in 0..<Int.random(in: 0..<4, using: &random) {
        let next = (steps.last ?? -1) + stride
        steps.append(next)
        index.append(next)
      }
      #expect(index.count == steps.count)
      #expect(index.last == steps.last ?? -1)
      for _ in 0..<5 where !steps.isEmpty {
        let place = Int.random(in: 0..<steps.count, using: &random)
        #expect(index.step(at: place) == steps[place])
        let step = Int.random(in: -2...(steps.last ?? 0) + 3, using: &random)
        #expect(index.place(from: step) == steps.firstIndex { $0 >= step } ?? steps.count)
      }
    }
  }
}
