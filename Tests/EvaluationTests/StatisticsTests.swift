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

  @Test func errorsOfIndependentMeansAddInSquare() {
    let mean = Estimate.mean(of: [Estimate(0.2, error: 0.03), Estimate(0.6, error: 0.04)])
    #expect(abs(mean.value - 0.4) < 1e-15)
    #expect(abs((mean.error ?? 0) - 0.025) < 1e-15)
    #expect(
      Estimate.mean(of: [Estimate(0.2, error: 0.03), Estimate(0.6, error: nil)]).error == nil)
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

  @Test func pairedBootstrapSeesADifferenceAndNone() {
    var random = SeededGenerator(2)
    let base = (0..<200).map { _ in Double.random(in: 0..<1, using: &random) }
    let noisy = base.map { $0 + Double.random(in: -0.1..<0.1, using: &random) }
    let better = noisy.map { $0 + 0.05 }
    let clear = PairedBootstrap(better, base, resamples: 2000, seed: 7)
    #expect(clear.probability < 0.01)
    #expect(clear.low > 0 && clear.low < clear.difference && clear.difference < clear.high)
    let gains = zip(better, base).map { $0 - $1 }
    #expect(abs(clear.error / (Estimate.mean(of: gains).error ?? 1) - 1) < 0.1)

    let none = PairedBootstrap(base, base, resamples: 100)
    #expect(none.difference == 0 && none.error == 0 && none.probability == 1)
    #expect(clear == PairedBootstrap(better, base, resamples: 2000, seed: 7))
    let mirrored = PairedBootstrap(base, better, resamples: 2000, seed: 7)
    #expect(abs(mirrored.difference + clear.difference) < 1e-12)
  }

  @Test func groupsAreWeighted() {
    let groups: [PairedBootstrap.Group] = [
      .init(first: [1, 1, 1], second: [0, 0, 0], weight: 0.5),
      .init(first: [0, 0], second: [1, 1], weight: 0.25),
    ]
    let result = PairedBootstrap(groups, resamples: 50)
    #expect(result.difference == 0.25 && result.low == 0.25 && result.high == 0.25)
  }
}
