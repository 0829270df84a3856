import Foundation
import Testing
import Training

@Suite("Learning rate schedules") struct ScheduleTests {
  static func schedule(_ kind: Schedule.Kind, warmup: Int = 10, steps: Int = 110) -> Schedule {
    Schedule(
      kind: kind, peak: 3e-3, minimum: 3e-4, warmupSteps: warmup, steps: steps, decaySteps: 40)
  }

  @Test("warm-up rises by equal parts and reaches the peak", arguments: Schedule.Kind.allCases)
  func warmup(_ kind: Schedule.Kind) {
    let schedule = Self.schedule(kind)
    for step in 0..<10 {
      #expect(abs(schedule.learningRate(at: step) - 3e-4 * Double(step + 1)) < 1e-15)
    }
    // The inverse square root counts the step itself: the peak is the last step of the warm-up.
    let after = kind == .inverseSquareRoot ? 3e-3 * (10.0 / 11).squareRoot() : 3e-3
    #expect(abs(schedule.learningRate(at: 10) - after) < 1e-15, "the first step after it")
  }

  /// Values reckoned by hand: p = 1/4, 1/2, 3/4 of the way down.
  @Test func `the decays meet their closed forms`() {
    let root = 0.707_106_781_186_547_5
    let cosine = Self.schedule(.cosine)
    for (step, share) in [(35, (1 + root) / 2), (60, 0.5), (85, (1 - root) / 2), (110, 0)] {
      #expect(abs(cosine.learningRate(at: step) - (3e-4 + share * 2.7e-3)) < 1e-15)
    }
    let linear = Self.schedule(.linear)
    for (step, share) in [(35, 0.75), (60, 0.5), (85, 0.25), (110, 0)] {
      #expect(abs(linear.learningRate(at: step) - (3e-4 + share * 2.7e-3)) < 1e-15)
    }
    #expect((10...200).allSatisfy { Self.schedule(.constant).learningRate(at: $0) == 3e-3 })
  }

  @Test func `the last step is close to the minimum, and none is below`() {
    for kind in [Schedule.Kind.cosine, .linear] {
      let schedule = Self.schedule(kind)
      let rates = (10..<110).map { schedule.learningRate(at: $0) }
      #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 >= $1 })
      #expect(rates.last! - 3e-4 < 3e-5)
      #expect(schedule.learningRate(at: 110) == 3e-4, "p = 1")
      #expect(schedule.learningRate(at: 5000) == 3e-4, "beyond the end")
    }
  }

  @Test func `no warm-up, only warm-up, and one step work`() {
    #expect(Self.schedule(.cosine, warmup: 0).learningRate(at: 0) == 3e-3)
    let all = Self.schedule(.cosine, warmup: 5, steps: 5)
    #expect(all.learningRate(at: 4) == 3e-3)
    #expect(all.learningRate(at: 5).isFinite)
    #expect(Self.schedule(.cosine, warmup: 0, steps: 1).learningRate(at: 0) == 3e-3)
  }

  /// r = 0, 1/4, 1/2 and 1 of a tail of 40 steps, reckoned by hand.
  @Test(arguments: [
    (Schedule.Tail.linear, [1.0, 0.75, 0.5, 0.0]),
    (Schedule.Tail.cosine, [1.0, 0.853_553_390_593_273_8, 0.5, 0.0]),
    (Schedule.Tail.exponential, [1.0, 0.681_792_830_507_429_1, 0.414_213_562_373_095_1, 0.0]),
    (Schedule.Tail.minusSquareRoot, [1.0, 0.5, 0.292_893_218_813_452_5, 0.0]),
  ])
  func `warm-up, stable, decay holds the peak up to its tail`(
    _ tail: Schedule.Tail, _ shares: [Double]
  ) {
    let schedule = Schedule(
      kind: .wsd, peak: 3e-3, minimum: 3e-4, warmupSteps: 10, steps: 110, decaySteps: 40, tail: tail
    )
    #expect((10...70).allSatisfy { schedule.learningRate(at: $0) == 3e-3 })
    for (step, share) in zip([70, 80, 90, 110], shares) {
      #expect(abs(schedule.learningRate(at: step) - (3e-4 + share * 2.7e-3)) < 1e-15)
    }
    #expect(abs(schedule.learningRate(at: 5000) - 3e-4) < 1e-18, "beyond the end")
  }

  @Test func `the inverse square root halves when steps are fourfold, down to the minimum`() {
    let schedule = Self.schedule(.inverseSquareRoot)
    #expect(abs(schedule.learningRate(at: 39) - 1.5e-3) < 1e-15)
    #expect(schedule.learningRate(at: 99_999) == 3e-4)
    let none = Self.schedule(.inverseSquareRoot, warmup: 0)
    #expect(none.learningRate(at: 0) == 3e-3 && abs(none.learningRate(at: 3) - 1.5e-3) < 1e-15)
  }
}
