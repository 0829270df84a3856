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
    ("attention_bias", true, "attention_bias is true"),
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
