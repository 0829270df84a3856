import Base
import Formats
import TestSupport
import Testing

@testable import Tokenizers

@Suite("Tokenizers of GGUF files") struct GGUFTokenizerTests {
  static func file(_ values: [(String, GGUFValue)], _ body: (GGUFFile) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let path = folder / "t.gguf"
      try GGUFWriter.write(
        metadata: values.map { ("tokenizer.\($0.0)", $0.1) }, tensors: [], to: path)
      try body(try GGUFFile(path))
    }
  }

  static func kinds(_ kinds: [Int32]) -> GGUFValue { .array(.int32, kinds.map { .int32($0) }) }
  static func scores(_ scores: [Float]) -> GGUFValue {
    .array(.float32, scores.map { .float32($0) })
  }

  @Test("byte-level BPE has the steps its name stands for") func byteLevel() throws {
    try Self.file([
      ("ggml.model", .string("gpt2")), ("ggml.pre", .string("smollm")),
      ("ggml.tokens", .strings(["<e>", "a", "b", "ab"])), ("ggml.merges", .strings(["a b"])),
      ("ggml.token_type", Self.kinds([3, 1, 1, 1])), ("ggml.eos_token_id", .uint32(0)),
      ("chat_template", .string("{{ x }}")),
    ]) { file in
      let tokenizer = try GGUFTokenizer(file)
      let json = tokenizer.tokenizerJSON
      #expect(json["model"]?["vocab"] == ["<e>": 0, "a": 1, "b": 2, "ab": 3])
      #expect(json["model"]?["merges"] == ["a b"])
      #expect(json["pre_tokenizer"]?["pretokenizers"]?[0]?["type"] == "Digits")
      #expect(json["added_tokens"]?.array?.count == 1)
      #expect(json["added_tokens"]?[0]?["special"] == true)
      #expect(json["post_processor"]?.isNull == true)
      #expect(tokenizer.roles.end == "<e>" && tokenizer.chatTemplate == "{{ x }}")
    }
  }

  /// The merges are those that transformers 5.24.0 makes of the same scores (`generate_merges`).
  @Test("SentencePiece's BPE gets its merges from its scores") func sentencePiece() throws {
    let tokens = ["<unk>", "<s>", "</s>", "<0x41>", "▁", "a", "b", "ab", "▁ab", "▁a"]
    try Self.file([
      ("ggml.model", .string("llama")), ("ggml.tokens", .strings(tokens)),
      ("ggml.scores", Self.scores([0, 0, 0, 0, -5, -6, -7, -1, -2, -1])),
      ("ggml.token_type", Self.kinds([2, 3, 3, 6, 1, 1, 1, 1, 1, 1])),
      ("ggml.bos_token_id", .uint32(1)),
    ]) { file in
      let json = try GGUFTokenizer(file).tokenizerJSON
      #expect(
        json["model"]?["merges"] == [["a", "b"], ["▁", "a"], ["▁a", "b"], ["▁", "ab"]])
      #expect(json["model"]?["byte_fallback"] == true && json["model"]?["unk_token"] == "<unk>")
      #expect(json["post_processor"]?["special_tokens"]?["<s>"]?["ids"] == [1])
    }
  }

  @Test("an end token goes behind where the file says so") func endToken() throws {
    try Self.file([
      ("ggml.model", .string("t5")), ("ggml.tokens", .strings(["<unk>", "<s>", "</s>", "▁a"])),
      ("ggml.scores", Self.scores([0, 0, 0, -1])), ("ggml.token_type", Self.kinds([2, 3, 3, 1])),
      ("ggml.bos_token_id", .uint32(1)), ("ggml.eos_token_id", .uint32(2)),
      ("ggml.add_bos_token", .bool(true)), ("ggml.add_eos_token", .bool(true)),
    ]) { file in
      let tokenizer = try GGUFTokenizer(file).tokenizer()
      #expect(tokenizer.encode("a", addSpecial: true) == [1, 3, 2])
    }
  }

  static let damages: [(String, GGUFValue, String)] = [
    ("ggml.model", GGUFValue.string("rwkv"), "tokenizer.ggml.model is 'rwkv'"),
    ("ggml.tokens", .strings(["a", "a"]), "tokenizer.ggml.tokens[1] is there twice"),
    ("ggml.tokens", .uint8(1), "tokenizer.ggml.tokens is missing or no array"),
    ("ggml.pre", .string("deepseek-llm"), "tokenizer.ggml.pre is 'deepseek-llm'"),
    ("ggml.token_type", .array(.int32, [.int32(9)]), "tokenizer.ggml.token_type[0]"),
    ("ggml.bos_token_id", .uint32(7), "tokenizer.ggml.bos_token_id is none of 2 tokens"),
    ("ggml.merges", .array(.int32, [.int32(9)]), "tokenizer.ggml.merges[0]"),
  ]

  @Test("names the key that is wrong", arguments: damages)
  func errors(_ key: String, _ value: GGUFValue, _ problem: String) throws {
    var values: [(String, GGUFValue)] = [
      ("ggml.model", .string("gpt2")), ("ggml.pre", .string("gpt-2")),
      ("ggml.tokens", .strings(["a", "b"])), ("ggml.merges", .strings([])),
    ]
    values.removeAll { $0.0 == key }
    try Self.file(values + [(key, value)]) { file in
      let failure = #expect(throws: Failure.self) { try GGUFTokenizer(file) }
      #expect(failure?.problem.contains(problem) == true, "\(failure?.problem ?? "none")")
    }
  }
}
