import Base
import Models
import Synchronization
import Tensors

@testable import Training

/// Keeps what a trainer reports, and hands it requests at steps.
final class Recorder: TrainingObserver, TrainingControl {
  struct Kept {
    var events: [TrainingEvent] = []
    var metrics: [Int: [TrainingMetric: Double]] = [:]
    var requests: [TrainingRequest] = []
    var looks = 0
    var commits = 0
  }

  let kept = Mutex(Kept())
  /// Told each look for requests: their number, from 0, and the newest step.
  let onLook: @Sendable (Int, Int) throws -> [TrainingRequest.Wish]
  let onCommit: @Sendable () throws -> Void

  init(
    onLook: @escaping @Sendable (Int, Int) throws -> [TrainingRequest.Wish] = { _, _ in [] },
    onCommit: @escaping @Sendable () throws -> Void = {}
  ) {
    self.onLook = onLook
    self.onCommit = onCommit
  }

  var events: [TrainingEvent] { kept.withLock { $0.events } }
  var kinds: [TrainingEvent.Kind] { events.map(\.kind) }

  func series(_ metric: TrainingMetric) -> [Double] {
    kept.withLock { kept in
      kept.metrics.sorted { $0.key < $1.key }.compactMap { $0.value[metric] }
    }
  }

  func metrics(_ values: [(metric: TrainingMetric, value: Double)], step: Int) {
    kept.withLock { kept in
      for (metric, value) in values { kept.metrics[step, default: [:]][metric] = value }
    }
  }
  func event(_ event: TrainingEvent) { kept.withLock { $0.events.append(event) } }
  func willCommitCheckpoint() throws { try onCommit() }
  func willRollBack(to step: Int) {
    kept.withLock { kept in kept.metrics = kept.metrics.filter { $0.key <= step } }
  }

  func pending() throws -> [TrainingRequest] {
    try kept.withLock { kept in
      let step = kept.metrics.keys.max() ?? 0
      let new = try onLook(kept.looks, step)
      for (index, wish) in new.enumerated() {
        kept.requests.append(TrainingRequest(wish, id: "\(kept.looks)-\(index)"))
      }
      kept.looks += 1
      return kept.requests
    }
  }
  func finish(_ request: TrainingRequest) {
    kept.withLock { kept in kept.requests.removeAll { $0.id == request.id } }
  }
}

/// Batches with a rule to them, so that there is something to learn: each id follows from the one before.
struct RuleBatches: BatchSource {
  func batch(at step: Int) -> Batch {
    let random = CounterRandom(seed: 11, purpose: 2, step: UInt64(step))
    var batch = Batch()
    for row in 0..<4 {
      var id = Int32(random.below(61, UInt64(row * 100)))
      var ids = [id]
      for place in 1..<17 {
        let noise = Int32(random.below(3, UInt64(row * 100 + place)))
        id = (id * 7 + 3 + noise) % 61
        ids.append(id)
      }
      batch.append(sequence: ids)
    }
    return batch
  }
  func sources(at step: Int) -> [String] { ["rule \(step)"] }
}

/// The same, but the batches of some steps predict nothing.
struct SilentBatches: BatchSource {
  let silent: Set<Int>

  func batch(at step: Int) -> Batch {
    var batch = RuleBatches().batch(at: step)
    guard silent.contains(step) else { return batch }
    for place in batch.targets.indices { batch.targets[place] = Batch.ignored }
    return batch
  }
  func sources(at step: Int) -> [String] { ["silent \(step)"] }
}

/// A very small model with its trainer, in a folder of its own.
struct TinyRun {
  let model: Llama
  let store: ParameterStore
  let optimizer: Optimizer
  let program: TrainingProgram
  let folder: Path
  var plan: TrainingPlan
  var injections: [Injection] = []
  var interventions: [Int: Double] = [:]
  var stopRequest: () -> TrainingOutcome? = { nil }
  var saveRequest: () -> Bool = { false }
  /// Called by whoever writes a checkpoint, before the model is written.
  var onWrite: @Sendable () throws -> Void = {}

  static let config = LlamaConfig(
    vocabSize: 61, hiddenSize: 16, intermediateSize: 24, hiddenLayers: 1, attentionHeads: 2,
    keyValueHeads: 1, maxPositions: 32)

  init(
    _ folder: Path, steps: Int, every: Int = 0, keep: Int = 0, precision: Precision = .fp32
  ) throws {
    self.folder = folder
    model = Llama(Self.config)
    store = try model.initialise(on: try CPUDevice(precision: precision), seed: 3)
    program = try TrainingProgram(model, store, capacity: 64)
    optimizer = try Optimizer(.adamw, store, loss: program.loss, seed: 1)
    var optimizer = TrainingConfiguration.Optimizer()
    optimizer.learningRate = 1e-2
    plan = TrainingPlan(
      steps: steps, tokensPerStep: 64, optimizer: optimizer,
      learningRates: Schedule(
        kind: .cosine, peak: 1e-2, minimum: 1e-3, warmupSteps: 5, steps: steps),
      validationEvery: 0, checkpoint: .init(every: every, keep: keep), spike: Self.policy, seed: 1)
  }

  /// Awake after 24 steps: the runs are short.
  static let policy = {
    var policy = SpikePolicy()
    policy.warmup = 24
    return policy
  }()

  static var fresh: TrainerState {
    TrainerState(policy: policy, configurationHash: "c", tokenizerHash: "t")
  }

  /// A trainer that goes on at `state`.
  func trainer(
    _ recorder: Recorder, state: TrainerState = Self.fresh, source: any BatchSource = RuleBatches()
  ) throws -> Trainer {
    try Trainer(
      plan: plan, state: state, optimizer: optimizer, source: source, vocabulary: 61,
      checkpoints: folder, stage: "test", injections: injections, interventions: interventions,
      connections: Trainer.Connections(
        accumulate: { batch, _ in
          try program.run(batch, weight: 1 / Double(batch.countedTargets))
        },
        validate: nil,
        writeModel: { [onWrite] in
          try onWrite()
          try $1.writeModel(Self.config, to: $0)
        },
        readModel: { try ModelFolder($0).load(into: store) },
        stopRequest: stopRequest, saveRequest: saveRequest, observer: recorder, control: recorder))
  }
}
