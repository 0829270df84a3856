import Base
public import Tensors

/// Log-likelihoods of tokens, without gradients.
///
/// A sequence's numbers do not depend on what else is in the batch, nor on how many rows it has.
public final class ScoringProgram {
  public let model: Llama
  public let parameters: ParameterStore
  /// Rows of the largest batch: a sequence of n tokens takes n − 1.
  public let capacity: Int

  private let inputs: RowInputs
  private let weights, losses: View
  private let program: Program

  /// Records the program.
  ///
  /// - Parameter capacity: Rows; as many more as make all capacities compute alike.
  /// - Throws: `Failure` if the device has not enough memory.
  public init(_ model: Llama, _ parameters: ParameterStore, capacity: Int) throws {
    self.model = model
    self.parameters = parameters
    let device = parameters.device
    self.capacity = max(device.fewRows + 1, capacity)
    inputs = try RowInputs(
      capacity: self.capacity, context: model.config.maxPositions, on: device)
    weights = View(try device.allocate(.real, count: self.capacity))
    losses = View(try device.allocate(.real, count: self.capacity))
    let recorder = try Recorder(parameters)
    let hidden = try model.hidden(
      recorder, ids: inputs.ids, positions: inputs.positions, longest: inputs.longest,
      context: .rows(first: inputs.first), rows: inputs.rows)
    recorder.crossEntropyHead(
      hidden, weight: parameters[model.head], targets: inputs.targets, weights: weights,
      losses: losses, total: nil)
    program = try recorder.finish()
  }

  /// The loss of each row of a batch, nats: −log p(target); 0 where the target does not count.
  ///
  /// - Throws: `Failure` if the batch does not fit the program or the model.
  public func losses(_ batch: Batch) throws -> [Float] {
    guard batch.count > 0 else { return [] }
    try inputs.upload(batch, config: model.config)
    program.run()
    var numbers = [Float](repeating: 0, count: batch.count)
    var span = numbers.mutableSpan
    parameters.device.download(losses, into: &span)
    return numbers
  }

  /// log p of each token but the first, for each sequence; batches are made as the capacity allows.
  ///
  /// - Throws: `Failure` if a sequence is longer than the context or the capacity.
  public func logLikelihoods(_ sequences: [[Int32]]) throws -> [[Float]] {
    var results: [[Float]] = []
    var batch = Batch()
    func flush() throws {
      let losses = try losses(batch)
      var row = 0
      while results.count < sequences.count,
        row < losses.count || sequences[results.count].count < 2
      {
        let length = max(0, sequences[results.count].count - 1)
        guard row + length <= losses.count else { break }
        results.append(losses[row..<row + length].map { -$0 })
        row += length
      }
      batch = Batch()
    }
    for sequence in sequences {
      if batch.count > 0, batch.count + sequence.count - 1 > capacity { try flush() }
      if sequence.count > 1 { batch.append(sequence: sequence) }
    }
    try flush()
    return results
  }
}
