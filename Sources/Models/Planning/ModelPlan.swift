import Base
public import Tensors

/// What a shape takes to train and to use, before anyone pays for it.
///
/// The programs are recorded as they are for a real run, on a device that holds no memory: the figures are those of
/// this version's own memory plan. Bytes and seconds are those of the busiest rank.
public struct ModelPlan: Sendable {
  /// What the shape is to do.
  public struct Load: Sendable {
    /// Sequences a rank computes at once.
    public var batch = 1
    /// Tokens of each.
    public var sequence: Int
    public var precision = Precision.fp32
    public var recompute = Recomputation.none
    public var layout = ParallelLayout()

    /// One sequence of `sequence` tokens at a time, in one process.
    public init(sequence: Int) { self.sequence = sequence }
  }

  /// Bytes by what they are for.
  public struct Memory: Sendable, Equatable {
    public var weights, gradients, moments, activations, keysAndValues: Int
    /// Tables, ids, losses.
    public var other: Int

    public var total: Int {
      weights + gradients + moments + activations + keysAndValues + other
    }
  }

  public let config: LlamaConfig
  public let load: Load
  /// Numbers of the whole model, and of the busiest rank.
  public let parameters, rankParameters: Int
  public let training, inference: Memory

  /// Plans a shape.
  ///
  /// - Throws: `Failure` if the load is more than a program takes, or the layout cannot be.
  public init(_ config: LlamaConfig, _ load: Load) throws {
    guard load.sequence <= config.maxPositions else {
      throw Failure(
        "\(load.sequence) tokens exceed max_position_embeddings \(config.maxPositions)",
        remedy: "Plan for a shorter sequence.")
    }
    guard load.batch <= 1 << 16, load.batch * load.sequence <= 1 << 22 else {
      throw Failure(
        "\(load.batch) sequences of \(load.sequence) tokens are more than a program takes",
        remedy: "Plan for a smaller batch: at most \(1 << 22) tokens.")
    }
    self.config = config
    self.load = load
    let slice = Llama(try load.layout.slice(of: config))
    parameters = config.parameterCount
    rankParameters = slice.config.parameterCount
    training = try Self.training(slice, load)
    inference = try Self.inference(slice, load)
  }

  private static func training(_ model: Llama, _ load: Load) throws -> Memory {
    let device = PlanningDevice(for: try CPUDevice(precision: load.precision))
    let store = try ParameterStore(model.parameters, on: device)
    let weights = device.allocatedBytes
    let program = try TrainingProgram(
      model, store, capacity: load.batch * load.sequence, recompute: load.recompute)
    _ = try Optimizer(.adamw, store, loss: program.loss)
    let numbers = store.paddedCount * device.bytes(.real)
    let activations = program.arenaBytes
    return Memory(
      weights: weights, gradients: numbers,
      moments: 2 * numbers / (load.layout.sharesMoments ? load.layout.data : 1),
      // While a pipeline fills, its first stage keeps what belongs to one batch for each of the others.
      activations: activations + program.keptBytes * (load.layout.pipeline - 1), keysAndValues: 0,
      other: device.allocatedBytes - weights - 3 * numbers - activations)
  }

  private static func inference(_ model: Llama, _ load: Load) throws -> Memory {
    // What only infers needs no more of a weight than products read.
    let device = PlanningDevice(
      for: try CPUDevice(precision: load.precision.isHalf ? .stochastic : .fp32))
    let store = try ParameterStore(model.parameters, on: device)
    let weights = device.allocatedBytes
    let program = try GenerationProgram(model, store, slots: load.batch, context: load.sequence)
    return Memory(
      weights: weights, gradients: 0, moments: 0, activations: program.arenaBytes,
      keysAndValues: program.cacheBytes,
      other: device.allocatedBytes - weights - program.arenaBytes - program.cacheBytes)
  }
}

extension ModelPlan {
  /// Operations of the forward pass, a token; products of matrices only.
  public var forwardFLOPs: Double { config.forwardFLOPs(sequence: load.sequence) }

  /// Operations of forward and backward pass, a token: what is called the model's FLOPs.
  public var trainingFLOPs: Double { 3 * forwardFLOPs }

  /// The same with what is computed again: of each layer all products but the last, whose result is kept, unless dropout
  /// stands between that and the layer's end.
  public var performedFLOPs: Double {
    guard load.recompute == .full else { return trainingFLOPs }
    let last =
      config.residualDropout > 0
      ? 0 : 2 * Double(config.hiddenLayers * config.hiddenSize * config.intermediateSize)
    return trainingFLOPs + config.layerFLOPs(sequence: load.sequence) - last
  }

  /// Tokens of all ranks' batches.
  public var tokensPerStep: Int { load.batch * load.sequence * load.layout.data }

  /// Seconds of the products of one batch on every rank, at `rate` operations a second each.
  public func secondsPerStep(at rate: Double) -> Double {
    let ranks = Double(load.layout.tensor * load.layout.pipeline)
    return Double(load.batch * load.sequence) * performedFLOPs / (ranks * rate)
  }

  /// Seconds of the products of a training on `tokens`.
  public func seconds(for tokens: Int, at rate: Double) -> Double {
    Double(tokens) / Double(tokensPerStep) * secondsPerStep(at: rate)
  }
}
