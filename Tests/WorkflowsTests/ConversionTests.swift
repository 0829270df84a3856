import Base
import Formats
import Generation
import Models
import TestSupport
import Tensors
import Testing
import Tokenizers

@testable import Workflows

/// The checkpoint of ``PeerTests`` as a GGUF file and back.
@Suite("Model conversion") struct ConversionTests {
  static func withModel(_ body: (_ folder: Path, _ model: ModelReference) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try PeerTests.write(to: folder / "model")
      try body(folder, try ModelReference((folder / "model").string, in: nil))
    }
  }

  @Test func `a model comes back from GGUF bit for bit, tokenizer and all`() throws {
    try Self.withModel { folder, model in
      let file = folder / "m.gguf"
      let made = try ModelConversion.convert(model, to: file, as: .gguf, WorkContext())
      #expect(made.type == "F32" && made.tensors == 20)
      let gguf = try GGUFFile(file)
      #expect(gguf["general.architecture"] == .string("llama"))
      #expect(gguf["tokenizer.ggml.model"] == .string("t5"))
      #expect(gguf["tokenizer.ggml.add_bos_token"] == .bool(true))
      let back = folder / "back"
      _ = try ModelConversion.convert(
        try ModelReference(file.string, in: nil), to: back, as: .hf, WorkContext())
      let (old, new) = (try SafetensorsFolder(model.folder), try SafetensorsFolder(back))
      #expect(old.names == new.names)
      for name in old.names { #expect(try old.floats(name) == new.floats(name), "\(name)") }
      #expect(try ModelFolder(back).config == ModelFolder(model.folder).config)
      let (before, after) = (try Tokenizer.load(model.folder), try Tokenizer.load(back))
      #expect(before.special == after.special && before.count == after.count)
      #expect(before.chatTemplate?.source == after.chatTemplate?.source)
      for number in 0..<50 {
        let text = " " + InventedText.sentence(number) + "🦊 <s>x"
        let ids = before.encode(text, addSpecial: true)
        #expect(ids == after.encode(text, addSpecial: true))
        #expect(before.decode(ids) == after.decode(ids))
      }
    }
  }

  @Test func `a GGUF file scores as its folder does`() throws {
    try Self.withModel { folder, model in
      let file = folder / "m.gguf"
      _ = try ModelConversion.convert(model, to: file, as: .gguf, WorkContext())
      let device = try CPUDevice()
      let fromFolder = try LlamaLanguageModel(folder: model.folder, on: device)
      let fromFile = try LlamaLanguageModel(folder: file, on: device)
      let ids = fromFile.tokenizer.encode(InventedText.sentence(3), addSpecial: true)
      #expect(try fromFile.score([ids]) == fromFolder.score([ids]))
    }
  }

  @Test(arguments: [GGUFType.q8_0, .q4_0, .q4_1, .f16])
  func `quantised matrices are those of the blocks, norms stay`(_ type: GGUFType) throws {
    try Self.withModel { folder, model in
      let file = folder / "m.gguf"
      _ = try ModelConversion.convert(model, to: file, as: .gguf, type: type, WorkContext())
      let gguf = try GGUFFile(file)
      #expect(gguf.tensor("blk.0.attn_q.weight")?.type == type)
      #expect(gguf.tensor("token_embd.weight")?.type == (type == .f16 ? .f16 : .q8_0))
      #expect(gguf.tensor("output_norm.weight")?.type == .f32)
      // Rows of 56 are no whole blocks.
      #expect(gguf.tensor("blk.1.ffn_down.weight")?.type == .f16)
      let tensor = try #require(gguf.tensor("blk.0.attn_v.weight"))
      let exact = try SafetensorsFolder(model.folder).floats(
        "model.layers.0.self_attn.v_proj.weight")
      let step: Float = type == .f16 ? 0.000_5 : type == .q8_0 ? 0.004 : 0.07
      for (a, b) in zip(exact, try gguf.floats(tensor)) { #expect(abs(a - b) <= step) }
    }
  }

  /// After llama.cpp's convert_hf_to_gguf.py: `w.reshape(heads, 2, d/2, n).swapaxes(1, 2)`.
  @Test func `heads are permuted as llama.cpp does`() {
    let permutation = HeadPermutation(heads: 2, rowLength: 2)
    let rows = (0..<8).flatMap { [Float($0), Float($0) + 0.5] }
    let pairs = permutation.pairs(rows)
    #expect(pairs == [0, 2, 1, 3, 4, 6, 5, 7].flatMap { [Float($0), Float($0) + 0.5] })
    #expect(permutation.halves(pairs) == rows)
  }

  @Test func `what is there is not overwritten, and what cannot be is refused`() throws {
    try Self.withModel { folder, model in
      let file = folder / "m.gguf"
      #expect(throws: Failure.self) {
        try ModelConversion.convert(model, to: model.folder, as: .gguf, WorkContext())
      }
      #expect(throws: Failure.self) {
        try ModelConversion.convert(model, to: folder / "x", as: .hf, WorkContext())
      }
      var config = try JSON.read(model.folder / "config.json").object ?? JSONObject()
      config["hidden_size"] = 64
      try Files.write(JSON.object(config).text(), to: model.folder / "config.json")
      let failure = #expect(throws: Failure.self) {
        try ModelConversion.convert(model, to: file, as: .gguf, WorkContext())
      }
      #expect(failure?.problem.contains("the configuration asks for") == true)
      #expect(try Files.list(folder) == ["model"])
    }
  }

  @Test func `a pickle is refused with its cure`() throws {
    try withTemporaryFolder { folder in
      try Files.write([0x80, 2, 0x7D], to: folder / "pytorch_model.bin")
      try Files.write("{}", to: folder / "config.json")
      let failure = #expect(throws: Failure.self) { try ModelFolder(folder) }
      #expect(failure?.remedy.contains("save_pretrained") == true)
    }
  }
}
