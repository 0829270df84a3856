import Corpus
import Models
import Training

/// The batches of a pre-training: windows over the training shards.
struct CorpusBatches: BatchSource {
  let order: DataOrder

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
}
