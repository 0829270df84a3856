import Base
public import Tensors

/// Loss and gradients of batches.
///
/// One optimiser step is any number of ``run(_:weight:)`` with weights that sum over the step's counted
/// targets to 1, and then one `Optimizer.update`:
///
///     for batch in microBatches { try program.run(batch, weight: 1 / Double(countedInAll)) }
///     let outcome = try adam.update(control)
public final class TrainingProgram {
  public let model: Llama
  public let parameters: ParameterStore
  /// Rows of the largest batch.
  public let capacity: Int
  /// The weighted loss summed over the runs since the last update: what the optimiser takes.
  public let loss: View

  private let inputs: RowInputs
  private let weights, losses, dropoutKey: View
  private let program: Program
  /// The weights of a batch whose targets weigh alike; here, so that a step asks nothing of the heap.
  private var rowWeights: [Float]

  /// Records the program.
  ///
  /// - Parameters:
  ///   - recompute: What the backward pass computes again, layer by layer, to save memory.
  ///   - loss: What is added to the loss of each row; ``rowLosses(_:)`` and ``loss`` include it.
  /// - Throws: `Failure` if the device has not enough memory.
  public init(
    _ model: Llama, _ parameters: ParameterStore, capacity: Int,
    recompute: Recomputation = .none, loss terms: LossTerms = LossTerms()
  ) throws {
    self.model = model
    self.parameters = parameters
    self.capacity = capacity
    rowWeights = [Float](repeating: 0, count: capacity)
    let device = parameters.device
    inputs = try RowInputs(
      capacity: capacity, context: model.config.maxPositions, on: device)
    weights = View(try device.allocate(.real, count: capacity))
    losses = View(try device.allocate(.real, count: capacity))
    dropoutKey = View(try device.allocate(.index, count: 3))
    loss = View(try device.allocate(.real, count: 1))

    let recorder = try Recorder(parameters, differentiates: true)
    let hidden = try model.hidden(
      recorder, ids: inputs.ids, positions: inputs.positions, longest: inputs.longest,
      context: .rows(first: inputs.first), rows: inputs.rows, dropoutKey: dropoutKey,
      recompute: recompute)
    recorder.crossEntropyHead(
      hidden, weight: parameters[model.head], targets: inputs.targets, weights: weights,
      losses: losses, total: loss, terms: terms)
    recorder.recordBackward()
    program = try recorder.finish()
  }

  /// Adds the loss and gradients of a batch, each counted target weighted by `weight`.
  ///
  /// - Parameters:
  ///   - weight: 1 / (counted targets of the whole step).
  ///   - dropout: Seed and step, which fix what is dropped.
  ///   - report: Told what each verb took.
  /// - Throws: `Failure` if the batch does not fit the program or the model.
  public func run(
    _ batch: Batch, weight: Double, dropout: (seed: UInt64, step: Int) = (0, 0),
    report: ((VerbTime) -> Void)? = nil
  ) throws {
    let weight = Float(weight)
    for (row, target) in batch.targets.prefix(capacity).enumerated() {
      rowWeights[row] = target == Batch.ignored ? 0 : weight
    }
    parameters.device.upload(rowWeights.span, to: weights)
    try run(batch, dropout, report)
  }

  /// Adds the loss and gradients of a batch with a weight for each row, as preference tuning needs.
  ///
  /// - Throws: `Failure` if the batch does not fit the program or the model.
  public func run(
    _ batch: Batch, weights rowWeights: [Float], dropout: (seed: UInt64, step: Int) = (0, 0),
    report: ((VerbTime) -> Void)? = nil
  ) throws {
    precondition(rowWeights.count == batch.count, "\(rowWeights.count) weights")
    let fitting = Array(rowWeights.prefix(capacity))
    parameters.device.upload(fitting.span, to: weights)
    try run(batch, dropout, report)
  }

  private func run(
    _ batch: Batch, _ dropout: (seed: UInt64, step: Int), _ report: ((VerbTime) -> Void)?
  ) throws {
    try inputs.upload(batch, config: model.config)
    let device = parameters.device
    let key: InlineArray<3, Int32> = [
      Int32(truncatingIfNeeded: dropout.seed), Int32(truncatingIfNeeded: dropout.seed >> 32),
      Int32(truncatingIfNeeded: dropout.step),
    ]
    device.upload(key.span, to: dropoutKey)
    if let report {
      program.run(clock: monotonicSeconds, report: report)
    } else {
      program.run()
    }
  }

  /// The loss of each row of the last batch, nats; 0 where the target does not count.
  public func rowLosses(_ count: Int) -> [Float] {
    var numbers = [Float](repeating: 0, count: count)
    var span = numbers.mutableSpan
    parameters.device.download(losses, into: &span)
    return numbers
  }

  /// Bytes the program needs besides parameters, gradients and moments.
  public var arenaBytes: Int { program.arenaBytes }

  /// Bytes of these that the backward pass of a batch takes from its forward pass.
  public var keptBytes: Int { program.keptBytes }

  /// Runs the last batch again, with the weights it had: nothing but the recorded verbs.
  public func replay() { program.run() }
}
