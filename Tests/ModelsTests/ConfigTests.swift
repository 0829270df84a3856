import Base
import Models
import Testing

@Suite("LlamaConfig") struct ConfigTests {
  static let json: JSON = [
    "model_type": "llama", "vocab_size": 100, "hidden_size": 24, "intermediate_size": 64,
    "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
    "rms_norm_eps": 1e-6, "max_position_embeddings": 128, "eos_token_id": [2, 7],
    "bos_token_id": 1,
  ]

  /// A shape at the bounds of each of its sizes, which together are no model.
  @Test func `refuses a shape that no machine holds`() {
    var object = Self.json.object!
    for key in ["vocab_size", "hidden_size", "intermediate_size"] { object[key] = JSON(1 << 24) }
    object["num_hidden_layers"] = 4096
    object["head_dim"] = 256
    #expect(throws: Failure.self) { try LlamaConfig(json: .object(object)) }
  }

  static func changed(_ key: String, _ value: JSON?) -> JSON {
    var object = json.object!
    object[key] = value
    return .object(object)
  }

  @Test func `comes back from its own JSON`() throws {
    let config = try LlamaConfig(json: Self.json, strict: true)
    #expect(config.headSize == 6 && config.endTokens == [2, 7] && config.ropeTheta == 10_000)
    #expect(try LlamaConfig(json: config.json, strict: true) == config)
    #expect(config.parameterCount == 2 * 100 * 24 + 24 + 2 * (2 * 24 + 24 * 24 * 3 + 3 * 64 * 24))
  }

  /// What each scaling must survive: being written as config.json and read again.
  static let scalings: [JSON] = [
    ["type": "linear", "factor": 4], ["rope_type": "dynamic", "factor": 2],
    ["rope_type": "ntk", "factor": 8],
    [
      "rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4,
      "original_max_position_embeddings": 64,
    ],
    ["rope_type": "yarn", "factor": 2, "mscale": 0.5, "mscale_all_dim": 2, "truncate": false],
  ]

  @Test("a scaling comes back from its own JSON", arguments: scalings)
  func scaling(_ json: JSON) throws {
    var object = Self.json.object!
    object["rope_scaling"] = json
    object["use_qk_norm"] = true
    object["attention_bias"] = true
    let config = try LlamaConfig(json: .object(object), strict: true)
    #expect(try LlamaConfig(json: config.json, strict: true) == config)
    #expect(config.ropeScaling != nil || config.ropeTheta > 10_000)
    // Two norms of 6 elements a layer, and biases of 24 + 12 + 12 + 24.
    let plain = try LlamaConfig(json: Self.json)
    #expect(config.parameterCount == plain.parameterCount + 2 * (12 + 72))
  }

  /// (key, value, what the message names)
  static let wrong: [(String, JSON?, String)] = [
    ("hidden_size", nil, "hidden_size is missing"),
    ("hidden_size", 0, "hidden_size is 0"),
    ("hidden_size", "24", "hidden_size is \"24\""),
    ("vocab_size", 1.5, "vocab_size is 1.5"),
    ("num_key_value_heads", 3, "no multiple of num_key_value_heads 3"),
    ("head_dim", 7, "head_dim is 7"),
    ("model_type", "gpt2", "model_type is \"gpt2\""),
    ("rope_scaling", ["type": "linear"], "rope_scaling"),
    ("attention_bias", 1, "attention_bias is 1"),
    ("mlp_bias", true, "mlp_bias is true"),
    ("partial_rotary_factor", 0.5, "partial_rotary_factor is 0.5"),
    ("rope_scaling", ["type": "longrope", "factor": 2], "rope_scaling.type is \"longrope\""),
    ("rope_scaling", ["type": "linear", "factor": 0], "rope_scaling.factor is 0"),
    ("rope_scaling", ["rope_type": "ntk"], "rope_scaling.factor is missing"),
    ("rope_scaling", ["rope_type": "yarn", "factor": 2, "beta_fast": 1], "rope_scaling.beta_fast"),
    ("rope_scaling", ["rope_type": "yarn", "factr": 2], "rope_scaling.factr"),
    (
      "rope_scaling",
      ["rope_type": "llama3", "factor": 2, "low_freq_factor": 4, "high_freq_factor": 4],
      "rope_scaling.high_freq_factor"
    ),
    (
      "rope_parameters",
      ["rope_type": "yarn", "factor": 2, "original_max_position_embeddings": JSON(1 << 40)],
      "rope_parameters.original_max_position_embeddings"
    ),
    ("tie_word_embeddings", 1, "tie_word_embeddings is 1"),
    ("eos_token_id", -1, "eos_token_id"),
    ("num_atention_heads", 4, "Did you mean 'num_attention_heads'?"),
    ("residual_dropout", 1, "residual_dropout is 1"),
    ("attention_dropout", 0.1, "attention_dropout"),
    ("quantization_config", ["bits": 4], "quantization_config"),
    ("rope_interleaved", true, "rope_interleaved"),
    ("rms_norm_eps", 0, "rms_norm_eps is 0"),
    ("rms_norm_eps", -1e-5, "rms_norm_eps"),
    ("rope_theta", 0, "rope_theta is 0"),
    ("max_position_embeddings", JSON(1 << 40), "max_position_embeddings"),
  ]

  @Test("names the field that is wrong", arguments: wrong.indices)
  func refuses(_ index: Int) {
    let (key, value, text) = Self.wrong[index]
    do {
      _ = try LlamaConfig(json: Self.changed(key, value), strict: true)
      Issue.record("\(key) was accepted")
    } catch {
      #expect("\(error)".contains(text))
    }
  }
}
