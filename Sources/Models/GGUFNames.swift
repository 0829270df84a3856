/// The names of a Llama's tensors in GGUF files and in Hugging Face's.
enum GGUFNames {
  private static let whole = [
    ("token_embd.weight", "model.embed_tokens.weight"),
    ("output_norm.weight", "model.norm.weight"),
    ("output.weight", "lm_head.weight"),
  ]

  private static let ofLayer = [
    ("attn_norm", "input_layernorm"), ("attn_q", "self_attn.q_proj"),
    ("attn_k", "self_attn.k_proj"), ("attn_v", "self_attn.v_proj"),
    ("attn_output", "self_attn.o_proj"), ("ffn_norm", "post_attention_layernorm"),
    ("ffn_gate", "mlp.gate_proj"), ("ffn_up", "mlp.up_proj"), ("ffn_down", "mlp.down_proj"),
  ]

  /// Hugging Face's name of a GGUF tensor; nil if it is none of a plain Llama.
  static func huggingFace(_ name: String) -> String? {
    if let pair = whole.first(where: { $0.0 == name }) { return pair.1 }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0] == "blk", parts[3] == "weight", let layer = Int(parts[1]),
      layer >= 0, String(layer) == parts[1],
      let pair = ofLayer.first(where: { $0.0 == parts[2] })
    else { return nil }
    return "model.layers.\(layer).\(pair.1).weight"
  }

  /// The GGUF name of a Hugging Face tensor; nil if it is none of a plain Llama.
  static func gguf(_ name: String) -> String? {
    if let pair = whole.first(where: { $0.1 == name }) { return pair.0 }
    let prefix = "model.layers."
    guard name.hasPrefix(prefix) else { return nil }
    let rest = name.dropFirst(prefix.count)
    guard let dot = rest.firstIndex(of: "."), let layer = Int(rest[..<dot]),
      let pair = ofLayer.first(where: { "\($0.1).weight" == rest[rest.index(after: dot)...] })
    else { return nil }
    return "blk.\(layer).\(pair.0).weight"
  }
}
