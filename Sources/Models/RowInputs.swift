import Base
import Tensors

/// The buffers through which rows of tokens reach a program.
struct RowInputs {
  let ids, targets, first, positions, live: View
  let capacity: Int
  /// Tokens of the longest sequence.
  let longest: Int
  private let device: any Device

  var rows: Rows { Rows(capacity: capacity, live: live) }

  init(capacity: Int, context: Int, on device: any Device) throws {
    func indices(_ count: Int) throws -> View { View(try device.allocate(.index, count: count)) }
    self.capacity = capacity
    longest = min(capacity, context)
    self.device = device
    ids = try indices(capacity)
    targets = try indices(capacity)
    first = try indices(capacity)
    positions = try indices(capacity)
    live = try indices(1)
  }

  /// Hands the rows of `batch` to the device.
  ///
  /// - Throws: `Failure` if they are too many, or an id or position has no row in its table.
  func upload(_ batch: Batch, config: LlamaConfig) throws {
    guard batch.count <= capacity else {
      throw Failure(
        "\(batch.count) rows for a program recorded for \(capacity)",
        remedy: "Cut the batch into smaller ones.")
    }
    try check(ids: batch.ids, config)
    for target in batch.targets where target != Batch.ignored {
      try check(id: target, config)
    }
    if let position = batch.positions.max(), position >= longest {
      throw Failure(
        "a sequence of \(position + 1) tokens exceeds the context of \(longest)",
        remedy: "Cut it to \(longest) tokens, or train with a longer context.")
    }
    device.upload(batch.ids.span, to: ids)
    device.upload(batch.targets.span, to: targets)
    device.upload(batch.first.span, to: first)
    device.upload(batch.positions.span, to: positions)
    let count: InlineArray<1, Int32> = [Int32(batch.count)]
    device.upload(count.span, to: live)
  }
}

/// Refuses ids outside the vocabulary.
func check(ids: [Int32], _ config: LlamaConfig) throws {
  for id in ids { try check(id: id, config) }
}

private func check(id: Int32, _ config: LlamaConfig) throws {
  guard (0..<Int32(config.vocabSize)).contains(id) else {
    throw Failure(
      "token id \(id) is outside the model's vocabulary of \(config.vocabSize)",
      remedy: "Use the tokenizer the model was trained with.")
  }
}
