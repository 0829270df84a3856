import Base

/// The ways of cutting text that GGUF files know by a name (`tokenizer.ggml.pre`), as the steps that
/// `tokenizer.json` spells out.
enum GGUFPreTokenizer: String, CaseIterable {
  case gpt2 = "gpt-2"
  case smollm
  case llama3 = "llama-bpe"
  case qwen2

  /// The value of `pre_tokenizer`.
  var json: JSON {
    switch self {
    case .gpt2: Self.byteLevel(usesExpression: true)
    case .smollm:
      Self.sequence([
        .object([("type", "Digits"), ("individual_digits", true)]),
        Self.byteLevel(usesExpression: true),
      ])
    case .llama3:
      Self.sequence([Self.split(digits: "{1,3}"), Self.byteLevel(usesExpression: false)])
    case .qwen2: Self.sequence([Self.split(digits: ""), Self.byteLevel(usesExpression: false)])
    }
  }

  /// The value of `normalizer`.
  var normalizer: JSON { self == .qwen2 ? .object([("type", "NFC")]) : .null }

  /// Whether a word that is a piece is taken without merging.
  var ignoresMerges: Bool { self == .llama3 }

  private static func sequence(_ steps: [JSON]) -> JSON {
    .object([("type", "Sequence"), ("pretokenizers", .array(steps))])
  }

  private static func byteLevel(usesExpression: Bool) -> JSON {
    .object([
      ("type", "ByteLevel"), ("add_prefix_space", false), ("trim_offsets", true),
      ("use_regex", JSON(usesExpression)),
    ])
  }

  /// The expression of Llama 3 and Qwen 2, which differ in how many digits go together.
  private static func split(digits: String) -> JSON {
    let expression =
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"# + digits
      + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    return .object([
      ("type", "Split"), ("pattern", .object([("Regex", JSON(expression))])),
      ("behavior", "Isolated"), ("invert", false),
    ])
  }
}
