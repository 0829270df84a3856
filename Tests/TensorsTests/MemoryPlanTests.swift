import Base
import Testing

@testable import Tensors

@Suite("The memory plan") struct MemoryPlanTests {
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `buffers that live at once never overlap`(seed: UInt64) {
    let random = CounterRandom(seed: seed, purpose: 0)
    let lives: [MemoryPlan.Life?] = (0..<60).map { index in
      let element = UInt64(index * 4)
      guard random.below(10, element) > 0 else { return nil }
      let first = random.below(40, element + 1)
      return MemoryPlan.Life(
        count: random.below(5000, element + 2), first: first,
        last: first + random.below(10, element + 3))
    }
    let plan = MemoryPlan(lives)
    var busiest = [Int](repeating: 0, count: 60)
    for (index, life) in lives.enumerated() {
      guard let life else { continue }
      #expect(plan.offsets[index] + life.count <= plan.count)
      for step in life.first...life.last { busiest[step] += life.count }
      for (other, second) in lives.enumerated() where other < index {
        guard let second, second.first <= life.last, life.first <= second.last else { continue }
        let (a, b) = (plan.offsets[index], plan.offsets[other])
        #expect(
          a + life.count <= b || b + second.count <= a || life.count == 0 || second.count == 0)
      }
    }
    // Greedy planning is close to what is alive at the busiest step.
    #expect(plan.count <= busiest.max()! * 3 / 2 + 60 * MemoryPlan.alignment)
  }
}
