import Corpus
import Models
import Tensors

/// The loss on the held-out documents: mean nats over their predicted tokens.
///
/// Each document alone, as bos + ids + eos; token j is predicted from tokens ⌊(j − 1)/C⌋·C … j − 1 with C the
/// context.
struct HeldOutLoss {
  private let order: ValidationOrder
  private let program: ScoringProgram

  init(_ order: ValidationOrder, _ model: Llama, _ parameters: ParameterStore) throws {
    self.order = order
    program = try ScoringProgram(model, parameters, capacity: max(2048, order.context))
  }

  /// Scores all documents.
  func callAsFunction() throws -> Double {
    var sum = 0.0
    var count = 0
    var batch = Batch()
    func flush() throws {
      sum += try program.losses(batch).reduce(0) { $0 + Double($1) }
      count += batch.countedTargets
      batch = Batch()
    }
    for window in order[0..<order.count] {
      if batch.count + window.ids.count > program.capacity { try flush() }
      batch.append(ids: window.ids, targets: window.targets)
    }
    try flush()
    return count > 0 ? sum / Double(count) : .nan
  }
}
