import Base
import Models
import Tensors
import TestSupport
import Testing

@testable import Training

@Suite("Metrics of a step") struct MetricsTests {
  @Test func `the norms of the layers are those of the whole gradient`() throws {
    try withTemporaryFolder { folder in
      let run = try TinyRun(folder, steps: 4)
      let recorder = Recorder()
      _ = try run.trainer(recorder).run()
      let layers = ["model.embed_tokens", "model.layers.0", "model.norm", "lm_head"]
      let series = layers.map { recorder.series(.gradientNorm(of: $0)) }
      for (step, norm) in recorder.series(.gradientNorm).enumerated() {
        let squares = series.reduce(0.0) { $0 + $1[step] * $1[step] }
        #expect(abs(squares.squareRoot() - norm) < 1e-4 * norm)
      }
    }
  }

  @Test func `the update's ratio is that of all weights, if they are few`() throws {
    try withTemporaryFolder { folder in
      let run = try TinyRun(folder, steps: 1)
      func weights() -> [Double] {
        run.store.parameters.flatMap { run.store.read($0).map(Double.init) }
      }
      let before = weights()
      let recorder = Recorder()
      _ = try run.trainer(recorder).run()
      let change = zip(before, weights()).reduce(0.0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
      let size = before.reduce(0.0) { $0 + $1 * $1 }
      let ratio = try #require(recorder.series(.updateRatio).first)
      #expect(abs(ratio - (change / size).squareRoot()) < 1e-9)
    }
  }

  @Test("the share below ε is of bias-corrected moments", arguments: [0.0, 1e-4, 1.0])
  func belowEpsilon(_ epsilon: Double) throws {
    try withTemporaryFolder { folder in
      var run = try TinyRun(folder, steps: 3)
      run.plan.optimizer.epsilon = epsilon
      let recorder = Recorder()
      _ = try run.trainer(recorder).run()
      var below = 0
      for parameter in run.store.parameters {
        for value in run.optimizer.read(.second, of: parameter) {
          let corrected = Double(value) / (1 - 0.95 * 0.95 * 0.95)
          if corrected.squareRoot() < epsilon { below += 1 }
        }
      }
      let share = try #require(recorder.series(.belowEpsilon).last)
      #expect(abs(share - Double(below) / Double(run.store.count)) < 1e-3)
    }
  }

  @Test func `bits a byte, counts and memory`() throws {
    try withTemporaryFolder { folder in
      var run = try TinyRun(folder, steps: 40)
      run.injections = try ["nan-grad@31", "bad-batch@35"].map { try Injection($0) }
      run.plan.tokenBytes = [UInt16](repeating: 3, count: 61)
      (run.plan.flopsPerToken, run.plan.productRate) = (1000, 1e9)
      let recorder = Recorder()
      let trainer = try run.trainer(recorder)
      _ = try trainer.run()
      let losses = recorder.series(.loss)
      let bits = recorder.series(.bitsPerByte)
      #expect(bits.count == 40)
      for (loss, bits) in zip(losses, bits) where loss.isFinite {
        #expect(abs(bits - loss / (3 * 0.693_147_180_559_945_3)) < 1e-9)
      }
      #expect(recorder.series(.nonFinite).last == 1)
      #expect(recorder.series(.skipped).last == Double(40 - trainer.state.optimizerSteps))
      for (rate, share) in zip(recorder.series(.tokensPerSecond), recorder.series(.peakShare)) {
        #expect(abs(share - rate * 1e-6) < 1e-9 * rate)
      }
      #expect(recorder.series(.memory).allSatisfy { $0 > 1e6 })
    }
  }
}
