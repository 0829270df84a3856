extension LlamaConfig {
  /// Floating-point operations of the forward pass, a token, by the usual count: products of matrices only, of attention
  /// the half that the causal mask leaves.
  public func forwardFLOPs(sequence: Int) -> Double {
    layerFLOPs(sequence: sequence) + 2 * Double(vocabSize) * Double(hiddenSize)
  }

  /// The same of the layers alone.
  func layerFLOPs(sequence: Int) -> Double {
    let queries = attentionHeads * headSize
    let keys = keyValueHeads * headSize
    let weights = hiddenSize * (2 * queries + 2 * keys + 3 * intermediateSize)
    return Double(hiddenLayers) * 2 * (Double(weights) + Double(queries) * Double(sequence))
  }
}
