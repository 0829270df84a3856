import Foundation
import Testing
import Training

@Suite("Learning rate schedules") struct ScheduleTests {
  static func schedule(_ kind: Schedule.Kind, warmup: Int = 10, steps: Int = 110) -> Schedule {
    Schedule(kind: kind, peak: 3e-3, minimum: 3e-4, warmupSteps: warmup, steps: steps)
  }

  @Test("warm-up rises by equal parts and reaches the peak", arguments: Schedule.Kind.allCases)
  func warmup(_ kind: Schedule.Kind) {
    let schedule = Self.schedule(kind)
    for step in 0..<10 {
      #expect(abs(schedule.learningRate(at: step) - 3e-4 * Double(step + 1)) < 1e-15)
    }
    #expect(schedule.learningRate(at: 10) == 3e-3, "the first step after it")
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
}
