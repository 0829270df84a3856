import Base
import Foundation
import Models
import Tensors
import Testing

@testable import Workflows

@Suite("bench train") struct TrainingBenchTests {
  /// Reckoned by hand: 6 × tokens × (layers × (matrices + half of attention) + head).
  @Test func `operations are those of the matrices, attention halved`() {
    let tinyLayer = 2 * 65_536 + 2 * 32_768 + 3 * 176_128
    let largeLayer = 4 * 262_144 + 3 * 1_048_576
    let expected = [
      "tiny": 6 * 2048 * (4 * (tinyLayer + 65_536) + 1_048_576),
      "bench-150m": 6 * 1024 * (12 * (largeLayer + 262_144) + 50_987_008),
    ]
    for shape in BenchShape.all {
      guard let operations = expected[shape.name] else { continue }
      #expect(shape.modelFLOPs == Double(operations), "\(shape.name)")
    }
  }

  @Test(arguments: Precision.allCases)
  func `the loss begins near ln V and falls, and the verbs tell what they did`(
    _ precision: Precision
  ) throws {
    let shape = try #require(BenchShape.all.first { $0.name == "tiny" })
    let bench = TrainingBench(shape: shape, precision: precision, steps: 1)
    let steps = try bench.measureSteps(
      on: CPUDevice(precision: precision), profiling: true)
    #expect(abs(steps.lossFirst - log(4096)) < 0.1)
    #expect(steps.lossLast < steps.lossFirst - 0.5)
    #expect(steps.peakBytes > shape.config.parameterCount * 16)
    let verbs = Dictionary(uniqueKeysWithValues: steps.profile.map { ($0.name, $0) })
    #expect(verbs["attention"]?.calls == 4 && verbs["update"]?.calls == 1)
    // A layer has four products, each forward once and backward twice; the head as one verb.
    let linear = try #require(verbs["linear"])
    #expect(linear.calls == 16 && verbs["linearWeightGradient"]?.flops == linear.flops)
    let products = 3 * linear.flops + (verbs["crossEntropyHead"]?.flops ?? 0)
    #expect(products == shape.modelFLOPs - 6 * 2048 * 4 * 65536)
    let seconds = steps.profile.reduce(0) { $0 + $1.seconds }
    #expect(abs(seconds - steps.seconds.reduce(0, +)) < 1e-9)
  }
}
