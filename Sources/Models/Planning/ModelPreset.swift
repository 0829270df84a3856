/// A published shape under its name.
public struct ModelPreset: Sendable {
  public let name: String
  public let config: LlamaConfig

  /// The dense models of LLM-jp-3, with the vocabulary of 99,487 their cards give; files round it up to a multiple of
  /// 128 for each tensor-parallel rank.
  public static let all: [ModelPreset] = [
    llmJP("150M", layers: 12, width: 512, inner: 2048, heads: 8),
    llmJP("440M", layers: 16, width: 1024, inner: 3584, heads: 8),
    llmJP("980M", layers: 20, width: 1536, inner: 5376, heads: 8),
    llmJP("1.8B", layers: 24, width: 2048, inner: 7168, heads: 16),
    llmJP("3.7B", layers: 28, width: 3072, inner: 8192, heads: 24),
    llmJP("7.2B", layers: 32, width: 4096, inner: 11008, heads: 32),
    llmJP("13B", layers: 40, width: 5120, inner: 13824, heads: 40),
    llmJP("172B", layers: 96, width: 12288, inner: 38464, heads: 96, keyHeads: 16),
  ]

  /// Tokens that LLM-jp-3 was trained on.
  public static let trainedTokens = 2_072_488_058_295

  /// The preset of a name, in whatever case.
  public static func named(_ name: String) -> ModelPreset? {
    all.first { $0.name.lowercased() == name.lowercased() }
  }

  private static func llmJP(
    _ name: String, layers: Int, width: Int, inner: Int, heads: Int, keyHeads: Int? = nil
  ) -> ModelPreset {
    ModelPreset(
      name: name,
      config: LlamaConfig(
        vocabSize: 99_487, hiddenSize: width, intermediateSize: inner, hiddenLayers: layers,
        attentionHeads: heads, keyValueHeads: keyHeads ?? heads, maxPositions: 4096))
  }
}
