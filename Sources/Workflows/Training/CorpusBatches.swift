import Corpus
import Models
import Training

/// The batches of a pre-training: windows over the training shards.
struct CorpusBatches: BatchSource {
  let order: DataOrder
  /// The subset of each file of the corpus.
  let subsetOfFile: [Int: String]

  func batch(at step: Int) -> Batch {
    let drawn = order.batch(step)
    var batch = Batch()
    let length = order.sequenceLength
    for begin in stride(from: 0, to: drawn.ids.count, by: length) {
      let row = begin..<begin + length
      batch.append(ids: drawn.ids[row], targets: drawn.targets[row])
    }
    return batch
  }

  func sources(at step: Int) -> [String] {
    order.batch(step).documents.joined().map(\.description)
  }

  func epoch(at step: Int) -> Double? {
    Double(step + 1) * Double(order.batchSize) / Double(order.windows)
  }

  func subsets(at step: Int) -> [(name: String, documents: Int)] {
    var counts: [String: Int] = [:]
    for document in Set(order.batch(step).documents.joined()) {
      counts[subsetOfFile[document.file] ?? "?", default: 0] += 1
    }
    return counts.sorted { $0.key < $1.key }.map { (name: $0.key, documents: $0.value) }
  }
}
