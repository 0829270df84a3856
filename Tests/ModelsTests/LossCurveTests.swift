import Base
import Models
import Tensors
import Testing

/// Twenty updates against PyTorch in float64; `Benchmarks/loss_curves.py` says how the numbers were made.
@Suite("Loss curves and PyTorch") struct LossCurveTests {
  static func golden(_ index: Int) throws -> JSON {
    let path = Path(#filePath).parent / "Goldens/loss_curves.json"
    let cases = try #require(try JSON.parse(try Files.read(path))["cases"]?.array)
    return cases[index]
  }

  /// The losses of the same updates here.
  static func losses(_ golden: JSON, on device: any Device) throws -> [Double] {
    let (model, store) = try GoldenTests.load(golden, on: device)
    var batch = Batch()
    for sequence in try #require(golden["sequences"]?.array) {
      batch.append(sequence: (sequence.array ?? []).map { Int32($0.int ?? 0) })
    }
    let rule = try #require(golden["optimizer"]?.string.flatMap { OptimizerRule(rawValue: $0) })
    let rate = try #require(golden["learning_rate"]?.double)
    let program = try TrainingProgram(model, store, capacity: batch.count)
    let optimizer = try Optimizer(rule, store, loss: program.loss)
    return try (0..<20).map { _ in
      try program.run(batch, weight: 1 / Double(batch.countedTargets))
      return try optimizer.update(StepControl(learningRate: rate)).loss
    }
  }

  @Test("fp32 on every level, and float64", arguments: 0..<5)
  func curves(_ index: Int) throws {
    let golden = try Self.golden(index)
    let expected = try #require(golden["losses"]?.array).compactMap(\.double)
    try #require(expected.count == 20)
    for device in GoldenTests.devices {
      let actual = try Self.losses(golden, on: device)
      // Twenty updates let roundings grow; Lion's signs make steps of those near zero.
      let tolerance = golden["optimizer"]?.string == "lion" ? 2e-3 : 1e-4
      for (step, (a, b)) in zip(actual, expected).enumerated() {
        #expect(abs(a - b) < tolerance, "\(device.name), update \(step)")
      }
    }
  }

  @Test("products of bf16 stay within a twentieth", arguments: 0..<5)
  func half(_ index: Int) throws {
    let golden = try Self.golden(index)
    let expected = try #require(golden["losses"]?.array).compactMap(\.double)
    let device = try CPUDevice(pool: ThreadPool(threads: 2), precision: .bf16)
    let actual = try Self.losses(golden, on: device)
    for (step, (a, b)) in zip(actual, expected).enumerated() {
      #expect(abs(a - b) < 0.05 * b, "update \(step)")
    }
    #expect(actual != expected, "something was rounded")
  }
}
