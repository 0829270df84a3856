import Base
import Tensors
import Testing

@testable import Models

@Suite("Looking at activations") struct ActivationProbeTests {
  private static let config = LlamaConfig(
    vocabSize: 61, hiddenSize: 16, intermediateSize: 24, hiddenLayers: 3, attentionHeads: 2,
    keyValueHeads: 1, maxPositions: 128)

  private static func batch() -> Batch {
    var batch = Batch()
    for row in 0..<3 { batch.append(sequence: (0..<33).map { Int32(($0 * 7 + row) % 61) }) }
    return batch
  }

  @Test func `the embedding's is that of the ids, and logits grow with the head`() throws {
    let model = Llama(Self.config)
    let store = try model.initialise(on: CPUDevice(), seed: 5)
    let batch = Self.batch()
    let found = try ActivationProbe(model, store, capacity: 128).measure(batch)
    #expect(
      found.layers.map(\.name) == [
        "model.embed_tokens", "model.layers.0", "model.layers.1", "model.layers.2", "model.norm",
      ])
    let table = store.read(store["model.embed_tokens.weight"])
    let largest = Set(batch.ids).flatMap { table[Int($0) * 16..<Int($0) * 16 + 16] }.map(abs).max()
    #expect(found.layers[0].largest == largest.map(Double.init))
    let head = store["lm_head.weight"]
    try store.write(store.read(head).map { 4 * $0 }, to: head)
    let louder = try ActivationProbe(model, store, capacity: 128).measure(batch)
    #expect(louder.layers.map(\.largest) == found.layers.map(\.largest))
    #expect(louder.logit == 4 * found.logit && found.logit > 0)
  }

  @Test func `the layer that first gives no number is seen`() throws {
    let model = Llama(Self.config)
    let store = try model.initialise(on: CPUDevice(), seed: 5)
    try store.write([.nan], to: store["model.layers.1.mlp.up_proj.weight"], at: 3)
    let found = try ActivationProbe(model, store, capacity: 128).measure(Self.batch())
    #expect(found.layers.map(\.largest.isNaN) == [false, false, true, true, true])
    #expect(found.logit.isNaN)
  }
}
