import TestSupport
import Testing

@testable import Evaluation

struct StatisticsTests {
  /// numpy 2.4.6: np.mean(s), np.std(s, ddof=1) / np.sqrt(len(s)).
  @Test func standardErrorOfAMean() {
    let estimate = Estimate.mean(of: [1, 0, 0.5, 0.25, 1, 1, 0])
    #expect(abs(estimate.value - 0.5357142857142857) < 1e-15)
    #expect(abs((estimate.error ?? 0) - 0.17617438793986598) < 1e-15)
    #expect(Estimate.mean(of: [0.5] as [Double]) == Estimate(0.5, error: nil))
    #expect(Estimate.mean(of: [] as [Double]) == Estimate(0, error: nil))
  }

  /// The bootstrap's error of a mean is √(Σ(x − mean)²)/n, up to the noise of 1,000 draws.
  @Test func bootstrapAgreesWithTheClosedForm() {
    var random = SeededGenerator(1)
    let scores = (0..<200).map { _ in Double.random(in: 0..<1, using: &random) }
    let estimate = Estimate.bootstrap(count: scores.count, seed: 9) { chosen in
      chosen.reduce(0) { $0 + scores[$1] } / Double(chosen.count)
    }
    let exact = Estimate.mean(of: scores)
    #expect(abs(estimate.value - exact.value) < 1e-12)
    #expect(abs((estimate.error ?? 0) / (exact.error ?? 1) - 1) < 0.1)
  }
}
