public import Base
public import Formats

extension LlamaConfig {
  /// Reads the shape out of a GGUF file's metadata.
  ///
  /// - Throws: `Failure` naming the key.
  public init(gguf file: GGUFFile) throws {
    let architecture = file["general.architecture"]?.string ?? ""
    guard architecture == "llama" else {
      throw Failure(
        "general.architecture is '\(Sanitiser.visible(architecture))'",
        remedy: "Only models of the architecture llama are built here.")
    }
    func number(_ key: String) throws -> Int? {
      guard let value = file["llama.\(key)"] else { return nil }
      // Newer writers give one number a layer where all are equal.
      let all = value.array ?? [value]
      guard let first = all.first?.int, all.allSatisfy({ $0.int == first }) else {
        throw Failure(
          "llama.\(key) is not one whole number", remedy: "Only layers of one shape are built here."
        )
      }
      return first
    }
    func real(_ key: String) throws -> Double? {
      guard let value = file["llama.\(key)"] else { return nil }
      guard let number = value.double, Float(number).isFinite else {
        throw Failure("llama.\(key) is no finite number", remedy: "Copy or make the file again.")
      }
      // As the number people wrote before it was rounded to single precision.
      return Double("\(Float(number))") ?? number
    }
    func need<Value>(_ key: String, _ value: Value?) throws -> JSON where Value: BinaryInteger {
      guard let value else {
        throw Failure("llama.\(key) is missing", remedy: "Copy or make the file again.")
      }
      return .integer(Int64(value))
    }
    let scaling = file["llama.rope.scaling.type"]?.string ?? "none"
    guard scaling == "none" else {
      throw Failure(
        "llama.rope.scaling.type is '\(Sanitiser.visible(scaling))'",
        remedy: "Only models without it are built here.")
    }
    guard try number("expert_count") ?? 0 == 0 else {
      throw Failure("llama.expert_count is set", remedy: "Only models without it are built here.")
    }
    let vocabulary = try file.tensor("token_embd.weight")?.shape.first ?? number("vocab_size")
    var object = JSONObject([
      ("vocab_size", try need("vocab_size", vocabulary)),
      ("hidden_size", try need("embedding_length", number("embedding_length"))),
      ("intermediate_size", try need("feed_forward_length", number("feed_forward_length"))),
      ("num_hidden_layers", try need("block_count", number("block_count"))),
      ("num_attention_heads", try need("attention.head_count", number("attention.head_count"))),
      ("max_position_embeddings", try need("context_length", number("context_length"))),
      ("rms_norm_eps", JSON(try real("attention.layer_norm_rms_epsilon") ?? 1e-5)),
      ("rope_theta", JSON(try real("rope.freq_base") ?? 10_000)),
      ("tie_word_embeddings", JSON(file.tensor("output.weight") == nil)),
    ])
    for (key, name) in [
      ("attention.head_count_kv", "num_key_value_heads"), ("attention.key_length", "head_dim"),
    ] {
      if let value = try number(key) { object[name] = JSON(value) }
    }
    for (key, name) in [
      ("bos", "bos_token_id"), ("eos", "eos_token_id"), ("padding", "pad_token_id"),
    ] {
      if let id = file["tokenizer.ggml.\(key)_token_id"]?.int { object[name] = JSON(id) }
    }
    try self.init(json: .object(object))
    for key in ["rope.dimension_count", "attention.key_length", "attention.value_length"] {
      guard try number(key) ?? headSize == headSize else {
        throw Failure(
          "llama.\(key) is not the size of a head, \(headSize)",
          remedy: "Only models whose heads have one size are built here.")
      }
    }
  }

  /// The shape as a GGUF file's metadata.
  ///
  /// - Throws: `Failure` naming the field, if it asks for more than a plain Llama.
  public func ggufMetadata() throws(Failure) -> [(String, GGUFValue)] {
    for (field, isSet) in [
      ("attention_bias", hasAttentionBias), ("use_qk_norm", normalisesQueriesAndKeys),
      ("rope_scaling", ropeScaling != nil),
    ] where isSet {
      throw Failure(
        "\(field) is set, which is not written into GGUF files here",
        remedy: "Use the Hugging Face folder.")
    }
    func count(_ key: String, _ value: Int) -> (String, GGUFValue) {
      ("llama.\(key)", .uint32(UInt32(clamping: value)))
    }
    return [
      ("general.architecture", .string("llama")), ("general.type", .string("model")),
      count("block_count", hiddenLayers), count("context_length", maxPositions),
      count("embedding_length", hiddenSize), count("feed_forward_length", intermediateSize),
      count("attention.head_count", attentionHeads),
      count("attention.head_count_kv", keyValueHeads),
      count("attention.key_length", headSize), count("attention.value_length", headSize),
      ("llama.attention.layer_norm_rms_epsilon", .float32(Float(rmsNormEpsilon))),
      ("llama.rope.freq_base", .float32(Float(ropeTheta))),
      count("rope.dimension_count", headSize), count("vocab_size", vocabSize),
    ]
  }
}
