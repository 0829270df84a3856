public import Base

/// The order in which training meets the tokens of a corpus: a function of seed and step alone.
///
/// All documents, each as bos + ids + eos, make one stream, which is cut into windows of
/// `sequenceLength` + 1 tokens; neighbours share one token, so that each token is predicted once an
/// epoch. An epoch takes the windows in a random order and cuts them at an offset of its own. Nothing
/// needs to be saved but the step: ``batch(_:)`` of any step can be asked for at any time.
public struct DataOrder: Sendable {
  /// Tokens that are predicted in one sequence.
  public let sequenceLength: Int
  /// Sequences in a batch.
  public let batchSize: Int
  public let seed: UInt64
  /// Sequences in an epoch.
  public let windows: Int
  /// Tokens of the whole stream, bos and eos included.
  public var tokens: Int { stream.count }

  private let stream: TokenStream

  /// The purpose numbers of the random streams used here.
  private static let orderPurpose: UInt32 = 0x4F52_4445
  private static let offsetPurpose: UInt32 = 0x4F46_4653

  /// An order over the training shards.
  ///
  /// - Throws: ``Failure`` if they hold less than one sequence, or are not for training.
  public init(
    _ shards: [TokenShard], bos: Int32, eos: Int32, sequenceLength: Int, batchSize: Int,
    seed: UInt64
  ) throws(Failure) {
    precondition(sequenceLength > 0 && batchSize > 0, "batches of \(batchSize) × \(sequenceLength)")
    if let other = shards.first(where: { $0.part != .train }) {
      throw Failure("\(other.path) is not for training", remedy: "Name a training shard.")
    }
    stream = TokenStream(shards, bos: bos, eos: eos)
    self.sequenceLength = sequenceLength
    self.batchSize = batchSize
    self.seed = seed
    guard stream.count > sequenceLength else {
      throw Failure(
        "the training shards hold \(stream.count) tokens, fewer than one sequence of "
          + "\(sequenceLength + 1)", remedy: "Import more text or shorten sequence_length.")
    }
    // One window less than fit, so that any offset below the sequence length leaves room.
    windows = max(1, (stream.count - sequenceLength) / sequenceLength)
  }

  /// The order over the training part of a tokenised version.
  public init(
    _ shards: TokenShards, sequenceLength: Int, batchSize: Int, seed: UInt64
  ) throws(Failure) {
    try self.init(
      shards.train, bos: shards.manifest.bos, eos: shards.manifest.eos,
      sequenceLength: sequenceLength, batchSize: batchSize, seed: seed)
  }

  /// One batch.
  public struct Batch: Equatable, Sendable {
    /// The step it is of.
    public let step: Int
    /// `[batchSize, sequenceLength]`, row-major.
    public var ids: [Int32]
    /// The token that follows each of `ids`.
    public var targets: [Int32]
    /// For each of `ids` the place in its row at which its document begins, 0 if before the row.
    public var documentStarts: [Int32]
    /// The documents of each row, in order.
    public var documents: [[DocumentID]]
    /// The epoch of the first row, from 0.
    public let epoch: Int
  }

  /// The batch of a step, from 0.
  ///
  /// - Complexity: O(*batchSize · sequenceLength*), whatever the step.
  public func batch(_ step: Int) -> Batch { batch(step, rows: 0..<batchSize) }

  /// Some rows of the batch of a step, as one of several ranks takes them.
  public func batch(_ step: Int, rows: Range<Int>) -> Batch {
    precondition(step >= 0, "step \(step)")
    let size = rows.count * sequenceLength
    var batch = Batch(
      step: step, ids: [], targets: [], documentStarts: [], documents: [],
      epoch: step * batchSize / windows)
    batch.ids.reserveCapacity(size)
    batch.targets.reserveCapacity(size)
    batch.documentStarts.reserveCapacity(size)
    for row in rows { append(sequence: step * batchSize + row, to: &batch) }
    return batch
  }

  /// Where a sequence, counted over all epochs, begins in the stream.
  func start(of sequence: Int) -> Int {
    let epoch = UInt64(sequence / windows)
    let order = Permutation(
      count: windows, seed: seed, purpose: DataOrder.orderPurpose, step: epoch)
    let room = stream.count - 1 - windows * sequenceLength
    let offset = CounterRandom(seed: seed, purpose: DataOrder.offsetPurpose, step: epoch)
      .below(min(room, sequenceLength - 1) + 1, 0)
    return offset + order[sequence % windows] * sequenceLength
  }

  private func append(sequence: Int, to batch: inout Batch) {
    let start = start(of: sequence)
    let (ids, pieces) = stream.read(start..<start + sequenceLength + 1)
    batch.ids += ids[..<sequenceLength]
    batch.targets += ids[1...]
    var documents: [DocumentID] = []
    for (index, piece) in pieces.enumerated() where piece.start < sequenceLength {
      let end =
        index + 1 < pieces.count ? min(sequenceLength, pieces[index + 1].start) : sequenceLength
      let first = max(0, piece.start)
      batch.documentStarts += repeatElement(Int32(first), count: end - first)
      documents.append(piece.document)
    }
    batch.documents.append(documents)
  }
}
