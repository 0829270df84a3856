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
  /// Examples that are longer than a row. They are left out: an answer without its end teaches never to end.
  public let tooLong: Int

  /// Packs `epochs` rounds over `examples`, each in an order of its own.
  ///
  /// - Parameter sequenceLength: places of a row.
  public init(
    _ examples: [Example], batchSize: Int, sequenceLength: Int, epochs: Int, seed: UInt64
  ) {
    self.examples = examples
    self.batchSize = batchSize
    self.sequenceLength = sequenceLength
    tooLong = examples.count { $0.places > sequenceLength }
    var rows: [[Int]] = []
    for epoch in 0..<epochs {
      var used = Int.max
      let random = CounterRandom(seed: seed, purpose: 0x5F7, step: UInt64(epoch))
      for index in random.permutation(examples.count) {
        let length = examples[index].places
        guard length <= sequenceLength else { continue }
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
        batch.append(ids: examples[index].ids.dropLast(), targets: examples[index].targets)
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
