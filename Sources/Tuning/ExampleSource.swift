import Base
public import Models
public import Training

/// Tokenised conversations packed into rows, epoch after epoch, as batches.
///
/// Within a row each example sees only itself. The rows of all epochs are laid out beforehand, so that a batch is
/// a function of its number.
public struct ExampleSource: BatchSource {
  private let examples: [Example]
  /// Per row, the examples in it.
  private let rows: [[Int]]
  private let batchSize: Int
  private let sequenceLength: Int
  /// Examples that are longer than a row, and of these, ones of which no answer is left: those are not used.
  public let cut: Int, unused: Int

  /// Packs `epochs` rounds over `examples`, each in an order of its own.
  ///
  /// - Parameter sequenceLength: places of a row; examples that are longer are cut.
  public init(
    _ examples: [Example], batchSize: Int, sequenceLength: Int, epochs: Int, seed: UInt64
  ) {
    self.examples = examples
    self.batchSize = batchSize
    self.sequenceLength = sequenceLength
    let isUsed = examples.map { example in
      example.isResponse[1...min(example.places, sequenceLength)].contains(true)
    }
    cut = examples.count { $0.places > sequenceLength }
    unused = isUsed.count { !$0 }
    var rows: [[Int]] = []
    for epoch in 0..<epochs {
      var used = Int.max
      let random = CounterRandom(seed: seed, purpose: 0x5F7, step: UInt64(epoch))
      for index in random.permutation(examples.count) where isUsed[index] {
        let length = min(examples[index].places, sequenceLength)
        if used > sequenceLength - length {
          rows.append([])
          used = 0
        }
        rows[rows.count - 1].append(index)
        used += length
      }
    }
    self.rows = rows
  }

  /// Updates that all epochs give.
  public var steps: Int { (rows.count + batchSize - 1) / batchSize }

  public func batch(at step: Int) -> Batch {
    var batch = Batch()
    for row in rows(at: step) {
      for index in row {
        let count = min(examples[index].places, sequenceLength)
        batch.append(
          ids: examples[index].ids[..<count], targets: examples[index].targets(count))
      }
    }
    return batch
  }

  public func sources(at step: Int) -> [String] {
    rows(at: step).joined().map { "pair \($0 + 1)" }
  }

  private func rows(at step: Int) -> ArraySlice<[Int]> {
    rows[min(step * batchSize, rows.count)..<min((step + 1) * batchSize, rows.count)]
  }
}
