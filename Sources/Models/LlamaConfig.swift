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
  /// The context, tokens.
  public var maxPositions: Int
  public var tiesEmbeddings: Bool
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
}

extension LlamaConfig {
  /// What the reader below understands, with defaults.
  private static let known: Set<String> = [
    "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
    "num_key_value_heads", "head_dim", "rms_norm_eps", "rope_theta", "max_position_embeddings",
    "tie_word_embeddings", "bos_token_id", "eos_token_id", "pad_token_id", "residual_dropout",
    "kaji_decay_embeddings",
  ]
  /// Keys of Hugging Face's files that say nothing about the computation, or only one value of which is built.
  private static let ignored: Set<String> = [
    "architectures", "model_type", "torch_dtype", "dtype", "transformers_version", "use_cache",
    "initializer_range", "pretraining_tp", "attention_dropout", "hidden_act", "attention_bias",
    "mlp_bias", "rope_scaling", "rope_parameters", "_name_or_path", "is_llama_config",
    "rope_interleaved", "_attn_implementation_autoset", "quantization_config",
  ]

  /// Reads config.json, or the `model:` section of a training configuration.
  ///
  /// - Parameters:
  ///   - json: An object.
  ///   - strict: Whether an unknown key is an error, as in a configuration people write; Hugging Face
  ///     files carry keys that do not matter.
  /// - Throws: `Failure` naming the field.
  public init(json: JSON, strict: Bool = false) throws {
    guard let object = json.object else {
      throw Failure("the model configuration is not an object", remedy: "Write key: value pairs.")
    }
    let fields = ConfigFields(object)
    if strict { try fields.reject(unknownBeyond: Self.known.union(Self.ignored)) }
    if let type = object["model_type"]?.string, type != "llama" {
      throw Failure("model_type is \"\(type)\"", remedy: "Only \"llama\" is built here.")
    }
    try fields.require("hidden_act", is: "silu")
    for key in ["attention_bias", "mlp_bias"] { try fields.require(key, is: false) }
    if let scaling = object["rope_scaling"], !scaling.isNull {
      throw Failure("rope_scaling is set", remedy: "Only models without it are built here.")
    }
    // Newer files say theta here.
    let rope = object["rope_parameters"]?.object
    if let type = rope?["rope_type"]?.string, type != "default" {
      throw Failure("rope_parameters.rope_type is \"\(type)\"", remedy: "Use \"default\".")
    }

    vocabSize = try fields.size("vocab_size")
    hiddenSize = try fields.size("hidden_size")
    intermediateSize = try fields.size("intermediate_size")
    hiddenLayers = try fields.size("num_hidden_layers", upTo: 4096)
    attentionHeads = try fields.size("num_attention_heads")
    keyValueHeads = try fields.size("num_key_value_heads", default: attentionHeads)
    headSize = try fields.size("head_dim", default: hiddenSize / attentionHeads)
    rmsNormEpsilon = try fields.number("rms_norm_eps", default: 1e-6)
    ropeTheta = try fields.number("rope_theta", default: rope?["rope_theta"]?.double ?? 10_000)
    maxPositions = try fields.size("max_position_embeddings", default: 2048)
    tiesEmbeddings = try fields.flag("tie_word_embeddings", default: false)
    decaysEmbeddings = try fields.flag("kaji_decay_embeddings", default: true)
    residualDropout = try fields.number("residual_dropout", default: 0)
    beginToken = try fields.tokens("bos_token_id").first
    endTokens = try fields.tokens("eos_token_id")
    padToken = try fields.tokens("pad_token_id").first
    try check()
  }

  /// Refuses shapes that cannot be built.
  private func check() throws {
    if attentionHeads % keyValueHeads != 0 {
      throw Failure(
        "num_attention_heads \(attentionHeads) is no multiple of num_key_value_heads \(keyValueHeads)",
        remedy: "Choose num_key_value_heads so that it divides num_attention_heads.")
    }
    if headSize % 2 != 0 || headSize > 256 || headSize == 0 {
      throw Failure(
        "head_dim is \(headSize)",
        remedy:
          "Choose hidden_size and num_attention_heads so that a head has 2 to 256 elements, an even number."
      )
    }
    if !(0..<1).contains(residualDropout) {
      throw Failure("residual_dropout is \(residualDropout)", remedy: "Choose 0 up to below 1.")
    }
    let width = attentionHeads.multipliedReportingOverflow(by: headSize)
    if width.overflow || width.partialValue > 1 << 20 {
      throw Failure(
        "num_attention_heads × head_dim is too large", remedy: "Choose a smaller shape.")
    }
  }

  /// The object Hugging Face reads as config.json.
  public var json: JSON {
    var object = JSONObject([
      ("architectures", ["LlamaForCausalLM"]),
      ("model_type", "llama"),
      ("vocab_size", JSON(vocabSize)),
      ("hidden_size", JSON(hiddenSize)),
      ("intermediate_size", JSON(intermediateSize)),
      ("num_hidden_layers", JSON(hiddenLayers)),
      ("num_attention_heads", JSON(attentionHeads)),
      ("num_key_value_heads", JSON(keyValueHeads)),
      ("head_dim", JSON(headSize)),
      ("hidden_act", "silu"),
      ("attention_bias", false),
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
    if residualDropout > 0 { object["residual_dropout"] = JSON(residualDropout) }
    if !decaysEmbeddings { object["kaji_decay_embeddings"] = false }
    return .object(object)
  }
}
