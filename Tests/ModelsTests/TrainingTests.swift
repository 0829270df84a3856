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
      return try adam.update(control).loss
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

  /// Shapes whose layers have all there is: grouped queries, biases, norms of heads, dropout.
  static let layered: [LlamaConfig] = [tiny, ornate]

  static let ornate: LlamaConfig = {
    var config = tiny
    config.hasAttentionBias = true
    config.normalisesQueriesAndKeys = true
    config.residualDropout = 0.2
    config.hiddenLayers = 5
    return config
  }()

  @Test("computing results again changes no bit and saves memory", arguments: layered)
  func recomputation(_ config: LlamaConfig) throws {
    let model = Llama(config)
    var batch = Batch()
    for sequence in Self.sequences(length: 20) { batch.append(sequence: sequence) }
    let runs = try Recomputation.allCases.map { level in
      let store = try model.initialise(
        on: try CPUDevice(pool: ThreadPool(threads: 2)), seed: 1)
      let program = try TrainingProgram(
        model, store, capacity: batch.count, recompute: level, loss: LossTerms(z: 1e-3))
      for step in 1...2 { try program.run(batch, weight: 1e-2, dropout: (seed: 3, step: step)) }
      return (
        gradient: store.parameters.map { store.readGradient($0) },
        losses: program.rowLosses(batch.count), arena: program.arenaBytes
      )
    }
    #expect(runs[0].gradient.contains { $0.contains { $0 != 0 } })
    for run in runs.dropFirst() {
      #expect(run.gradient == runs[0].gradient)
      #expect(run.losses == runs[0].losses)
    }
    #expect(runs[1].arena < runs[0].arena && runs[2].arena < runs[1].arena)
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
