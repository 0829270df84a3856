import Base
import Models
import Tensors
import Testing

@Suite("Training a Llama") struct LlamaTrainingTests {
  static let tiny = LlamaConfig(
    vocabSize: 61, hiddenSize: 32, intermediateSize: 56, hiddenLayers: 2, attentionHeads: 4,
    keyValueHeads: 2, maxPositions: 32)

  /// Sixteen sequences without any rule to them.
  static func sequences(length: Int, count: Int = 16, vocabulary: Int = 61) -> [[Int32]] {
    let random = CounterRandom(seed: 7, purpose: 1)
    return (0..<count).map { row in
      [Int32(row)] + (1..<length).map { Int32(random.below(vocabulary, UInt64(row * 1000 + $0))) }
    }
  }

  /// Trains on sixteen sequences and returns the loss of every step.
  static func losses(
    _ config: LlamaConfig, device: any Device, steps: Int, rate: Double = 5e-3
  ) throws -> (losses: [Double], store: ParameterStore) {
    let model = Llama(config)
    let store = try model.initialise(on: device, seed: 1)
    var batch = Batch()
    for sequence in sequences(length: 20) { batch.append(sequence: sequence) }
    let program = try TrainingProgram(model, store, capacity: batch.count + 5)
    let adam = try Optimizer(.adamw, store, loss: program.loss)
    var control = StepControl(learningRate: rate)
    control.weightDecay = 0
    let losses = try (0..<steps).map { _ in
      try program.run(batch, weight: 1 / Double(batch.countedTargets))
      return adam.update(control).loss
    }
    return (losses, store)
  }

  @Test("overfits sixteen sequences", arguments: [false, true])
  func overfits(tied: Bool) throws {
    var config = Self.tiny
    config.tiesEmbeddings = tied
    let losses = try Self.losses(config, device: try CPUDevice(), steps: 250).losses
    #expect(abs(losses[0] - 4.11) < 0.15, "the first loss is near ln 61")
    #expect(losses.last! < 0.05)
  }

  @Test func `the bits do not depend on the number of threads`() throws {
    let runs = try [1, 2, 3].map { threads in
      let device = try CPUDevice(pool: ThreadPool(threads: threads))
      let (losses, store) = try Self.losses(Self.tiny, device: device, steps: 5)
      return (losses, store.parameters.map { store.read($0) })
    }
    for run in runs {
      #expect(run.0 == runs[0].0)
      #expect(run.1 == runs[0].1)
    }
  }
}
