import Base
import Formats
import Models
import Tensors
import TestSupport
import Testing
import Tokenizers

@testable import Generation
@testable import Workflows

/// Our checkpoints as transformers opens them; `Goldens/make.py` tells how `peer.json` was made.
@Suite("Checkpoints in the peer") struct PeerTests {
  /// Writes the checkpoint of the golden: numbers of the counter generator, so the same on every machine.
  static func write(to folder: Path) throws {
    let file = repositoryRoot / "Tests/TokenizersTests/Goldens/small.model"
    let tokenizer = try TokenizerFiles(SentencePieceModel(parsing: try Files.read(file)))
    var config = LlamaConfig(
      vocabSize: try tokenizer.tokenizer().count, hiddenSize: 32, intermediateSize: 56,
      hiddenLayers: 2, attentionHeads: 4, keyValueHeads: 2, maxPositions: 256,
      tiesEmbeddings: true)
    config.beginToken = 1
    config.endTokens = [2]
    config.padToken = 3
    let model = Llama(config)
    let store = try model.initialise(on: try CPUDevice(), seed: 0)
    for (index, parameter) in store.parameters.enumerated() {
      let random = CounterRandom(seed: 1, purpose: UInt32(index))
      let isGain = parameter.shape.count == 1
      let numbers = (0..<parameter.range.count).map { element in
        let uniform = Float(random.uniform(UInt64(element))) - 0.5
        return isGain ? 1 + uniform : uniform
      }
      try store.write(numbers, to: parameter)
    }
    try Files.makeDirectory(folder)
    try ModelFolder.write(model, store, to: folder)
    for (name, bytes) in tokenizer.huggingFaceFiles() { try Files.write(bytes, to: folder / name) }
  }

  @Test func `ids and logits are those of transformers`() throws {
    if let folder = environment("KAJI_PEER_CHECKPOINT") { try Self.write(to: Path(folder)) }
    let golden = try JSON.read(Path(#filePath).parent / "Goldens/peer.json")
    try withTemporaryFolder { folder in
      try Self.write(to: folder / "model")
      #expect(
        try SHA256.hex(ofFile: folder / "model/model.safetensors") == golden["sha256"]?.string,
        "the golden is of another checkpoint")
      #expect(golden["model"] == "LlamaForCausalLM")
      let model = try LlamaLanguageModel(folder: folder / "model", on: try CPUDevice())
      #expect(golden["special"] == [1, 2, 3])
      let prompts = try Self.prompts(golden, model.tokenizer)
      let cases = try #require(golden["cases"]?.array)
      #expect(cases.count == prompts.count)
      let folderModel = try ModelFolder(folder / "model").load(on: try CPUDevice())
      let program = try GenerationProgram(folderModel.model, folderModel.parameters)
      for (ids, peer) in zip(prompts, cases) {
        #expect(
          ids.map { JSON(Int($0)) } == peer["ids"]?.array, "\(peer["text"]?.text() ?? "chat")")
        let wanted = peer["ids"]?.array?.compactMap(\.int).map { Int32($0) } ?? []
        #expect(model.tokenizer.decode(wanted) == peer["decoded"]?.string)
        Self.expectClose(try model.score([wanted])[0], peer["scores"])
        let logits = try program.feed([.init(.prompt, slot: 0, position: 0, ids: wanted)])[0]
        Self.expectClose(Array(logits.prefix(64)), peer["logits"])
      }
    }
  }

  /// The ids of the golden's texts and chats by our own tokenizer.
  static func prompts(_ golden: JSON, _ tokenizer: Tokenizer) throws -> [[Int32]] {
    let texts = (golden["texts"]?.array ?? []).compactMap(\.string).map {
      tokenizer.encode($0, addSpecial: true)
    }
    let chats = try (golden["chats"]?.array ?? []).map { chat in
      try tokenizer.encodeChat(
        (chat.array ?? []).map { message in
          ChatMessage(
            role: message["role"]?.string ?? "", content: message["content"]?.string ?? "")
        })
    }
    return texts + chats
  }

  static func expectClose(
    _ numbers: [Float], _ peer: JSON?, at location: SourceLocation = #_sourceLocation
  ) {
    let wanted = (peer?.array ?? []).compactMap(\.double)
    let difference = zip(numbers, wanted).map { abs(Double($0) - $1) }.max() ?? 0
    #expect(
      numbers.count == wanted.count && difference < 1e-4, "\(difference)", sourceLocation: location)
  }
}
