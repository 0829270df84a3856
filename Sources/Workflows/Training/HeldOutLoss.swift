import Corpus
import Models
import Tensors
import Training

/// The loss on the held-out documents: mean nats over their predicted tokens.
///
/// Each document alone, as bos + ids + eos; token j is predicted from tokens ⌊(j − 1)/C⌋·C … j − 1 with C the
/// context.
struct HeldOutLoss {
  private let order: ValidationOrder
  private let program: ScoringProgram
  /// The subset of each file of the corpus.
  private let subsetOfFile: [Int: String]

  init(
    _ order: ValidationOrder, _ model: Llama, _ parameters: ParameterStore,
    subsetOfFile: [Int: String]
  ) throws {
    self.order = order
    self.subsetOfFile = subsetOfFile
    program = try ScoringProgram(model, parameters, capacity: max(2048, order.context))
  }

  private struct Sum {
    var nats = 0.0
    var count = 0

    mutating func add(_ losses: some Sequence<Float>, _ count: Int) {
      nats += losses.reduce(0) { $0 + Double($1) }
      self.count += count
    }
    var mean: Double { count > 0 ? nats / Double(count) : .nan }
  }

  /// Scores all documents; the subsets they are of are the domains.
  func callAsFunction() throws -> ValidationResult {
    var all = Sum()
    var domains: [String: Sum] = [:]
    var batch = Batch()
    var windows: [(subset: String, rows: Range<Int>, predicted: Int)] = []
    func flush() throws {
      let losses = try program.losses(batch)
      all.add(losses, batch.countedTargets)
      for (subset, rows, predicted) in windows {
        domains[subset, default: Sum()].add(losses[rows], predicted)
      }
      (batch, windows) = (Batch(), [])
    }
    for window in order[0..<order.count] {
      if batch.count + window.ids.count > program.capacity { try flush() }
      let begin = batch.count
      batch.append(ids: window.ids, targets: window.targets)
      windows.append(
        (
          subsetOfFile[window.document.file] ?? "?", begin..<batch.count,
          window.targets.count { $0 != Batch.ignored }
        ))
    }
    try flush()
    return ValidationResult(
      loss: all.mean,
      domains: domains.sorted { $0.key < $1.key }.map { (name: $0.key, loss: $0.value.mean) })
  }
}
