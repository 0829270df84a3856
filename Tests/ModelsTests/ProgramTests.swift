import AllocationCount
import Base
import Models
import Tensors
import Testing

@Suite("Programs of one model") struct ProgramTests {
  static let config = LlamaConfig(
    vocabSize: 67, hiddenSize: 40, intermediateSize: 72, hiddenLayers: 2, attentionHeads: 4,
    keyValueHeads: 2, headSize: 12, maxPositions: 200)

  static func sequence(_ length: Int, _ seed: UInt64) -> [Int32] {
    let random = CounterRandom(seed: seed, purpose: 1)
    return (0..<length).map { Int32(random.below(67, UInt64($0))) }
  }

  /// A model whose predictions are far from even.
  static func model(on device: any Device) throws -> (Llama, ParameterStore) {
    let model = Llama(config)
    let store = try model.initialise(on: device, seed: 5)
    for parameter in store.parameters where parameter.shape.count == 2 {
      try store.write(store.read(parameter).map { $0 * 8 }, to: parameter)
    }
    return (model, store)
  }

  @Test(arguments: CPULevel.allCases.filter { $0 <= .supported })
  func `a score does not depend on the batch, its size or the threads`(_ level: CPULevel) throws {
    let sequences = [1, 2, 90, 33, 150, 7, 64, 65, 66].enumerated().map {
      Self.sequence($1, UInt64($0))
    }
    var first: [[Float]]?
    for (threads, capacity) in [(1, 149), (2, 500), (3, 300), (2, 2048)] {
      let device = try CPUDevice(pool: ThreadPool(threads: threads), level: level)
      let (model, store) = try Self.model(on: device)
      let scoring = try ScoringProgram(model, store, capacity: capacity)
      let scores = try scoring.logLikelihoods(sequences)
      #expect(scores.map(\.count) == [0, 1, 89, 32, 149, 6, 63, 64, 65])
      #expect(first == nil || scores == first)
      first = scores
      for (sequence, score) in zip(sequences, scores) {
        #expect(try scoring.logLikelihoods([sequence]) == [score])
      }
      let reversed = try scoring.logLikelihoods(sequences.reversed())
      #expect(Array(reversed.reversed()) == scores)
    }
  }

  @Test func `packing leaves each document's losses and the gradient unchanged`() throws {
    let device = ReferenceDevice()
    let (model, store) = try Self.model(on: device)
    let documents = [Self.sequence(5, 1), Self.sequence(9, 2), Self.sequence(2, 3)]
    let training = try TrainingProgram(model, store, capacity: 20)
    let adam = try Optimizer(.adamw, store, loss: training.loss)
    let control = StepControl(learningRate: 0)
    var packed = Batch()
    for document in documents { packed.append(sequence: document) }
    try training.run(packed, weight: 1.0 / 13)
    let together = training.rowLosses(13)
    let gradient = store.parameters.map { store.readGradient($0) }
    let outcome = try adam.update(control)
    var alone: [Float] = []
    for document in documents {
      var batch = Batch()
      batch.append(sequence: document)
      try training.run(batch, weight: 1.0 / 13)
      alone += training.rowLosses(batch.count)
    }
    for (a, b) in zip(together, alone) { #expect(abs(a - b) < 1e-6) }
    for (a, b) in zip(gradient.joined(), store.parameters.map({ store.readGradient($0) }).joined())
    {
      #expect(abs(a - b) < 1e-6)
    }
    let second = try adam.update(control)
    #expect(abs(second.loss - outcome.loss) < 1e-9)
  }

  @Test func `training, scoring and generation share the parameters`() throws {
    let device = try CPUDevice(pool: ThreadPool(threads: 2))
    let (model, store) = try Self.model(on: device)
    let scoring = try ScoringProgram(model, store, capacity: 300)
    let generation = try GenerationProgram(model, store, slots: 3, stretch: 64)
    let training = try TrainingProgram(model, store, capacity: 64)
    let adam = try Optimizer(.adamw, store, loss: training.loss)
    let ids = Self.sequence(150, 9)
    for round in 0..<3 {
      let scores = try scoring.logLikelihoods([ids])[0]
      // Cut into feeds of odd sizes, in all three slots at once.
      for (from, to) in [(0, 100), (100, 101), (101, 149)] {
        let logits = try generation.feed(
          (0..<3).map { .init(.prompt, slot: $0, position: from, ids: Array(ids[from..<to])) })
        for row in logits {
          let likelihood = logSoftmax(row)[Int(ids[to])]
          #expect(abs(likelihood - Double(scores[to - 1])) < 2e-4, "round \(round), token \(to)")
        }
        #expect(logits[0] == logits[1] && logits[1] == logits[2])
      }
      var batch = Batch()
      batch.append(sequence: ids.prefix(40))
      try training.run(batch, weight: 1.0 / 39)
      let outcome = try adam.update(StepControl(learningRate: 0.01))
      let expected = -scores.prefix(39).reduce(0.0) { $0 + Double($1) } / 39
      #expect(abs(outcome.loss - expected) < 1e-4)
    }
  }

  @Test func `a step's logits are the same bits whatever the neighbours are fed`() throws {
    let device = try CPUDevice(pool: ThreadPool(threads: 2))
    let (model, store) = try Self.model(on: device)
    let ids = Self.sequence(60, 3)
    func logits(slots: Int, neighbour: [Int32]?) throws -> [[Float]] {
      let generation = try GenerationProgram(model, store, slots: slots, stretch: 64)
      var found = try generation.feed([.init(.prompt, slot: 0, position: 0, ids: [ids[0]])])
      for place in 1..<20 {
        var feeds = [GenerationProgram.Feed(.step, slot: 0, position: place, ids: [ids[place]])]
        if let neighbour {
          feeds.insert(
            .init(.prompt, slot: 1 + place % (slots - 1), position: 0, ids: neighbour), at: 0)
        }
        found.append(try #require(try generation.feed(feeds).last))
      }
      return found
    }
    let alone = try logits(slots: 1, neighbour: nil)
    #expect(try logits(slots: 16, neighbour: nil) == alone)
    #expect(try logits(slots: 3, neighbour: Array(ids[7..<40])) == alone)
    #expect(try logits(slots: 2, neighbour: [5]) == alone)
  }

  /// One case after another: the counter is one for all threads that count.
  @Test(
    "a step asks nothing of the heap: batch, program and update", .serialized,
    arguments: [1, 2, 3],
    [OptimizerRule.adamw, .muon])
  func allocations(_ threads: Int, _ rule: OptimizerRule) throws {
    let pool = ThreadPool(threads: threads)
    let precision: Precision = threads == 2 ? .stochastic : .fp32
    let (model, store) = try Self.model(on: try CPUDevice(pool: pool, precision: precision))
    let training = try TrainingProgram(
      model, store, capacity: 64, recompute: threads == 3 ? .full : .none)
    let optimizer = try Optimizer(rule, store, loss: training.loss)
    var batch = Batch()
    batch.append(sequence: Self.sequence(60, 2))
    try training.run(batch, weight: 1.0 / 59)
    _ = try optimizer.update(StepControl(learningRate: 0.01))

    pool.run(threads) { _ in allocation_count_here(1) }
    defer { pool.run(threads) { _ in allocation_count_here(0) } }
    let before = allocation_count()
    let kept = [Int](repeating: before, count: 100)
    #expect(allocation_count() > before, "the counter counts")
    let begin = allocation_count()
    try training.run(batch, weight: 1.0 / 59)
    _ = try optimizer.update(StepControl(learningRate: 0.01))
    #expect(allocation_count() == begin)
    withExtendedLifetime(kept) {}
  }

  @Test func `gradient accumulation changes the last bits at most`() throws {
    let device = try CPUDevice(pool: ThreadPool(threads: 2))
    var norms: [StepOutcome] = []
    for size in [8, 4, 1] {
      let (model, store) = try Self.model(on: device)
      let training = try TrainingProgram(model, store, capacity: 200)
      let adam = try Optimizer(.adamw, store, loss: training.loss)
      let sequences = (0..<8).map { Self.sequence(10 + $0, UInt64($0)) }
      let counted = sequences.reduce(0) { $0 + $1.count - 1 }
      for begin in stride(from: 0, to: 8, by: size) {
        var batch = Batch()
        for sequence in sequences[begin..<begin + size] { batch.append(sequence: sequence) }
        try training.run(batch, weight: 1 / Double(counted))
      }
      try norms.append(adam.update(StepControl(learningRate: 0)))
    }
    for outcome in norms {
      #expect(abs(outcome.loss - norms[0].loss) < 1e-6 * norms[0].loss)
      #expect(abs(outcome.gradientNorm - norms[0].gradientNorm) < 1e-6 * norms[0].gradientNorm)
    }
  }

  @Test func `rows that do not count have no gradient, and a batch without any is no NaN`() throws {
    let device = try CPUDevice(pool: ThreadPool(threads: 1))
    let (model, store) = try Self.model(on: device)
    let training = try TrainingProgram(model, store, capacity: 32)
    let adam = try Optimizer(.adamw, store, loss: training.loss)
    var batch = Batch()
    batch.append(ids: [1, 2, 3], targets: [-100, -100, -100])
    try training.run(batch, weight: 1)
    #expect(store.parameters.allSatisfy { store.readGradient($0).allSatisfy { $0 == 0 } })
    let outcome = try adam.update(StepControl(learningRate: 1))
    #expect(outcome.loss == 0 && outcome.gradientNorm == 0)
  }

  @Test func `what does not fit is refused`() throws {
    let device = try CPUDevice(pool: ThreadPool(threads: 1))
    let (model, store) = try Self.model(on: device)
    let scoring = try ScoringProgram(model, store, capacity: 100)
    #expect(throws: Failure.self) { try scoring.logLikelihoods([Self.sequence(150, 1)]) }
    #expect(throws: Failure.self) { try scoring.logLikelihoods([[1, 67]]) }
    #expect(throws: Failure.self) { try scoring.logLikelihoods([[-1, 6]]) }
    let long = try ScoringProgram(model, store, capacity: 300)
    #expect(throws: Failure.self) { try long.logLikelihoods([Self.sequence(202, 1)]) }
    let generation = try GenerationProgram(model, store, context: 20)
    #expect(throws: Failure.self) {
      try generation.feed([.init(.prompt, slot: 0, position: 15, ids: [1, 2, 3, 4, 5, 6])])
    }
    #expect(throws: Failure.self) { try store.load { take in try take("lm_head", [1], [0]) } }
    #expect(throws: Failure.self) { try store.load { _ in } }
  }

  @Test func `dropout drops in training alone, by seed and step`() throws {
    let device = try CPUDevice(pool: ThreadPool(threads: 2))
    var config = Self.config
    config.residualDropout = 0.4
    let model = Llama(config)
    let store = try model.initialise(on: device, seed: 5)
    let training = try TrainingProgram(model, store, capacity: 64)
    var batch = Batch()
    batch.append(sequence: Self.sequence(50, 4))
    func losses(_ seed: UInt64, _ step: Int) throws -> [Float] {
      try training.run(batch, weight: 0, dropout: (seed, step))
      return training.rowLosses(49)
    }
    let one = try losses(1, 1)
    #expect(try losses(1, 1) == one)
    #expect(try losses(1, 2) != one)
    #expect(try losses(2, 1) != one)
    let scoring = try ScoringProgram(model, store, capacity: 64)
    #expect(try scoring.losses(batch) != one)
  }

  private func logSoftmax(_ logits: [Float]) -> [Double] {
    let peak = Double(logits.max()!)
    var total = 0.0
    for value in logits { total += exponential(Double(value) - peak) }
    return logits.map { Double($0) - peak - naturalLogarithm(total) }
  }
}
