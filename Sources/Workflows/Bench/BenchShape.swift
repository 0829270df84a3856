public import Models

/// A model and a batch that `kaji bench train` trains.
public struct BenchShape: Sendable {
  /// What the command line calls it.
  public let name: String
  public let config: LlamaConfig
  /// Sequences a batch.
  public let batch: Int
  /// Tokens a sequence.
  public let sequence: Int

  private init(
    _ name: String, vocabulary: Int, layers: Int, hidden: Int, inner: Int, keyHeads: Int,
    batch: Int, sequence: Int
  ) {
    self.name = name
    self.batch = batch
    self.sequence = sequence
    config = LlamaConfig(
      vocabSize: vocabulary, hiddenSize: hidden, intermediateSize: inner, hiddenLayers: layers,
      attentionHeads: 8, keyValueHeads: keyHeads, maxPositions: sequence)
  }

  /// The shapes there are: what a lesson trains, a step up, and LLM-jp-3 150M.
  public static let all = [
    BenchShape(
      "tiny", vocabulary: 4096, layers: 4, hidden: 256, inner: 688, keyHeads: 4, batch: 8,
      sequence: 256),
    BenchShape(
      "small", vocabulary: 16384, layers: 8, hidden: 512, inner: 1376, keyHeads: 4, batch: 4,
      sequence: 512),
    BenchShape(
      "bench-150m", vocabulary: 99584, layers: 12, hidden: 512, inner: 2048, keyHeads: 8, batch: 2,
      sequence: 512),
  ]

  /// Tokens an update.
  public var tokens: Int { batch * sequence }

  /// Floating-point operations of one update, by the usual count: three times the forward pass, products of
  /// matrices only, of attention the half that the causal mask leaves.
  public var modelFLOPs: Double {
    3 * Double(tokens) * config.forwardFLOPs(sequence: sequence)
  }
}
