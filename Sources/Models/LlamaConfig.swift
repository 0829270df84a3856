public import Base
import Tensors

/// The shape of a Llama, under the names Hugging Face's config.json gives it.
public struct LlamaConfig: Sendable, Equatable {
  public var vocabSize: Int
  public var hiddenSize: Int
  public var intermediateSize: Int
  public var hiddenLayers: Int
  public var attentionHeads: Int
  public var keyValueHeads: Int
  /// Elements of one head; `hiddenSize / attentionHeads` unless the configuration says otherwise.
  public var headSize: Int
  public var rmsNormEpsilon: Double
  public var ropeTheta: Double
  /// How positions are stretched; nil: not at all.
  public var ropeScaling: RopeScaling?
  /// The context, tokens.
  public var maxPositions: Int
  public var tiesEmbeddings: Bool
  /// Whether the four products of attention have biases.
  public var hasAttentionBias = false
  /// Whether each head of queries and keys is normalised before it is rotated, as Qwen3's are.
  public var normalisesQueriesAndKeys = false
  /// Whether weight decay applies to the embedding table; Kaji's own key, `kaji_decay_embeddings`.
  public var decaysEmbeddings = true
  /// Probability of dropping an element of each layer's two residual branches in training; Kaji's own
  /// key, `residual_dropout`.
  public var residualDropout = 0.0
  public var beginToken: Int?
  public var endTokens: [Int] = []
  public var padToken: Int?

  /// A shape; what is left out has Llama's defaults.
  public init(
    vocabSize: Int, hiddenSize: Int, intermediateSize: Int, hiddenLayers: Int,
    attentionHeads: Int, keyValueHeads: Int, headSize: Int? = nil, rmsNormEpsilon: Double = 1e-5,
    ropeTheta: Double = 10_000, maxPositions: Int, tiesEmbeddings: Bool = false
  ) {
    self.vocabSize = vocabSize
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.hiddenLayers = hiddenLayers
    self.attentionHeads = attentionHeads
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize ?? hiddenSize / max(1, attentionHeads)
    self.rmsNormEpsilon = rmsNormEpsilon
    self.ropeTheta = ropeTheta
    self.maxPositions = maxPositions
    self.tiesEmbeddings = tiesEmbeddings
  }

  /// The number of parameters.
  public var parameterCount: Int { Llama(self).parameters.reduce(0) { $0 + $1.count } }

  /// What a shape may have at most: what lies beyond is a damaged file.
  private static let mostParameters = 1 << 42
}

extension LlamaConfig {
  /// Keys of Hugging Face's files that say nothing about the computation, or only one value of which is built.
  private static let ignored: Set<String> = [
    "architectures", "model_type", "torch_dtype", "dtype", "transformers_version", "use_cache",
    "initializer_range", "pretraining_tp", "attention_dropout", "hidden_act", "mlp_bias",
    "_name_or_path", "is_llama_config", "rope_interleaved", "_attn_implementation_autoset",
    "quantization_config", "use_sliding_window", "sliding_window", "max_window_layers",
    "layer_types",
  ]

  /// Reads config.json, or the `model:` section of a training configuration.
  ///
  /// - Parameters:
  ///   - json: An object.
  ///   - strict: Whether an unknown key is an error, as in a configuration people write; Hugging Face
  ///     files carry keys that do not matter.
  ///   - file: The name of the file it stands in, for error messages.
  ///   - path: The dotted key under which it stands there, empty at the top.
  ///   - place: Where a dotted key was given its value, as `FILE:LINE`, if known.
  /// - Throws: `Failure` naming the field.
  public init(
    json: JSON, strict: Bool = false, file: String = "the model's configuration", path: String = "",
    place: @escaping @Sendable (String) -> String? = { _ in nil }
  ) throws {
    var fields = try Fields(json, file: file, path: path, place: place)
    for key in Self.ignored { _ = fields.json(key) }
    let family = try fields.string("model_type", default: "llama")
    guard family == "llama" || family == "qwen3" else {
      throw fields.wrong(
        "model_type", "is \(JSON.string(family).text())",
        remedy: "Only \"llama\" and \"qwen3\" are built here.")
    }
    try fields.require("hidden_act", is: "silu")
    for key in ["mlp_bias", "rope_interleaved", "use_sliding_window"] {
      try fields.require(key, is: false)
    }
    if fields.has("quantization_config") {
      throw fields.wrong(
        "quantization_config", "is set", remedy: "Only models without it are built here.")
    }
    guard try fields.double("attention_dropout", default: 0) == 0 else {
      throw fields.wrong("attention_dropout", "is set", remedy: "Only 0 is built here.")
    }

    let size = 1...1 << 24
    vocabSize = try fields.int("vocab_size", in: size)
    hiddenSize = try fields.int("hidden_size", in: size)
    intermediateSize = try fields.int("intermediate_size", in: size)
    hiddenLayers = try fields.int("num_hidden_layers", in: 1...4096)
    attentionHeads = try fields.int("num_attention_heads", in: size)
    keyValueHeads = try fields.int("num_key_value_heads", in: size, default: attentionHeads)
    headSize = try fields.int(
      "head_dim", in: size, default: family == "qwen3" ? 128 : hiddenSize / attentionHeads)
    rmsNormEpsilon = try fields.double("rms_norm_eps", default: 1e-6)
    maxPositions = try fields.int("max_position_embeddings", in: size, default: 2048)
    let rope = try RopeParameters(
      &fields, headSize: headSize, positions: maxPositions, strict: strict)
    ropeTheta = rope.theta
    ropeScaling = rope.scaling
    tiesEmbeddings = try fields.bool("tie_word_embeddings", default: false)
    hasAttentionBias = try fields.bool("attention_bias", default: false)
    normalisesQueriesAndKeys = try fields.bool("use_qk_norm", default: family == "qwen3")
    if family == "qwen3", !normalisesQueriesAndKeys {
      throw fields.wrong("use_qk_norm", "is false", remedy: "Write it true, or model_type llama.")
    }
    decaysEmbeddings = try fields.bool("kaji_decay_embeddings", default: true)
    residualDropout = try fields.double("residual_dropout", default: 0)
    beginToken = try fields.tokens("bos_token_id").first
    endTokens = try fields.tokens("eos_token_id")
    padToken = try fields.tokens("pad_token_id").first
    if strict { try fields.finish() }
    try check(fields)
  }

  /// Refuses shapes that cannot be built.
  private func check(_ fields: Fields) throws {
    if attentionHeads % keyValueHeads != 0 {
      throw fields.wrong(
        "num_attention_heads",
        "\(attentionHeads) is no multiple of num_key_value_heads \(keyValueHeads)",
        remedy: "Choose num_key_value_heads so that it divides num_attention_heads.")
    }
    if headSize % 2 != 0 || headSize > 256 || headSize == 0 {
      throw fields.wrong(
        fields.has("head_dim") ? "head_dim" : "num_attention_heads",
        fields.has("head_dim") ? "is \(headSize)" : "makes head_dim \(headSize)",
        remedy:
          "Choose hidden_size and num_attention_heads so that a head has 2 to 256 elements, an even number."
      )
    }
    if !(rmsNormEpsilon > 0 && rmsNormEpsilon < 1) {
      throw fields.wrong(
        "rms_norm_eps", "is \(rmsNormEpsilon)", remedy: "Choose a small positive number, as 1e-5.")
    }
    if !(0..<1).contains(residualDropout) {
      throw fields.wrong(
        "residual_dropout", "is \(residualDropout)", remedy: "Choose 0 up to below 1.")
    }
    let width = attentionHeads.multipliedReportingOverflow(by: headSize)
    if width.overflow || width.partialValue > 1 << 20 {
      throw fields.wrong(
        "num_attention_heads", "× head_dim is too large", remedy: "Choose a smaller shape.")
    }
    // The sizes are bounded so that this product does not overflow.
    if parameterCount > Self.mostParameters {
      throw fields.wrong(
        "hidden_size",
        "with vocab_size, intermediate_size and num_hidden_layers makes \(parameterCount) parameters",
        remedy: "Choose a smaller shape: \(Self.mostParameters) are the most.")
    }
  }

  /// The object Hugging Face reads as config.json.
  ///
  /// Its Llama has no norms of queries and keys; its Qwen3 is the same model with them.
  public var json: JSON {
    let isQwen = normalisesQueriesAndKeys
    var object = JSONObject([
      ("architectures", [isQwen ? "Qwen3ForCausalLM" : "LlamaForCausalLM"]),
      ("model_type", isQwen ? "qwen3" : "llama"),
      ("vocab_size", JSON(vocabSize)),
      ("hidden_size", JSON(hiddenSize)),
      ("intermediate_size", JSON(intermediateSize)),
      ("num_hidden_layers", JSON(hiddenLayers)),
      ("num_attention_heads", JSON(attentionHeads)),
      ("num_key_value_heads", JSON(keyValueHeads)),
      ("head_dim", JSON(headSize)),
      ("hidden_act", "silu"),
      ("attention_bias", JSON(hasAttentionBias)),
      ("mlp_bias", false),
      ("rms_norm_eps", JSON(rmsNormEpsilon)),
      ("rope_theta", JSON(ropeTheta)),
      ("max_position_embeddings", JSON(maxPositions)),
      ("tie_word_embeddings", JSON(tiesEmbeddings)),
      ("initializer_range", 0.02),
      ("torch_dtype", "float32"),
      ("use_cache", true),
    ])
    if let beginToken { object["bos_token_id"] = JSON(beginToken) }
    if endTokens.count == 1 { object["eos_token_id"] = JSON(endTokens[0]) }
    if endTokens.count > 1 { object["eos_token_id"] = .integers(endTokens) }
    if let padToken { object["pad_token_id"] = JSON(padToken) }
    if let ropeScaling { object["rope_scaling"] = ropeScaling.json }
    if isQwen { object["use_qk_norm"] = true }
    if residualDropout > 0 { object["residual_dropout"] = JSON(residualDropout) }
    if !decaysEmbeddings { object["kaji_decay_embeddings"] = false }
    return .object(object)
  }
}
