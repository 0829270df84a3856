import Base
import Formats
import TestSupport
import Testing
import Tokenizers

/// What the peers gave, made by `Goldens/make.py`.
func golden(_ name: String) throws -> JSON { try JSON.read(goldens / name) }

let goldens = Path(#filePath).parent / "Goldens"

private func ids(_ json: JSON?) -> [Int32] {
  (json?.array ?? []).compactMap { $0.int.map { Int32($0) } }
}

/// The small model that Kaji trained on `Goldens/training.txt`.
func smallModel() throws -> SentencePieceModel {
  try SentencePieceModel(parsing: Files.read(goldens / "small.model"))
}

@Suite("Tokenizers and their peers") struct TokenizerParityTests {
  @Test func `LLM-jp's models give SentencePiece's ids and texts`() throws {
    for (key, name) in [
      ("v3", "llm-jp-tokenizer-100k.ver3.0b1.model"),
      ("v2", "llm-jp-code10K_en20K_ja30K.ver2.2.model"),
    ] {
      guard let path = sharedData("tokenizers/" + name) else { continue }
      let tokenizer = try Tokenizer.load(path)
      for line in try golden("llm-jp.json").array ?? [] {
        let text = line["text"]?.string ?? ""
        #expect(tokenizer.encode(text) == ids(line[key]), "\(key): \(text.debugDescription)")
        if key == "v3" {
          let back = tokenizer.decode(ids(line[key]))
          #expect(Array(back.utf8) == Array((line["v3_text"]?.string ?? "").utf8))
        }
      }
    }
  }

  @Test func `LLM-jp's tokenizer json gives the tokenizers library's ids and texts`() throws {
    let name = "tokenizers/llm-jp-code10K_en20K_ja30K.ver2.2.tokenizer.json"
    guard let path = sharedData(name) else { return }
    let tokenizer = try Tokenizer.load(path)
    for line in try golden("llm-jp.json").array ?? [] {
      let text = line["text"]?.string ?? ""
      #expect(
        tokenizer.encode(text, addSpecial: true) == ids(line["hf"]), "\(text.debugDescription)")
      let back = tokenizer.decode(ids(line["hf"]))
      #expect(Array(back.utf8) == Array((line["hf_text"]?.string ?? "").utf8))
    }
  }

  @Test func `a model trained here means the same to SentencePiece and transformers`() throws {
    let model = try smallModel()
    let spm = try Tokenizer(model), hf = try TokenizerFiles(model).tokenizer()
    let peer = try golden("small.json")
    for line in peer["lines"]?.array ?? [] {
      let text = line["text"]?.string ?? ""
      #expect(spm.encode(text) == ids(line["spm"]), "\(text.debugDescription)")
      #expect(
        Array(spm.decode(ids(line["spm"])).utf8) == Array((line["spm_text"]?.string ?? "").utf8))
      #expect(hf.encode(text, addSpecial: true) == ids(line["hf"]), "\(text.debugDescription)")
      #expect(Array(hf.decode(ids(line["hf"])).utf8) == Array((line["hf_text"]?.string ?? "").utf8))
      let all = hf.decode(ids(line["hf"]), skipSpecial: false)
      #expect(Array(all.utf8) == Array((line["hf_all"]?.string ?? "").utf8))
    }
    let chat = [
      ChatMessage(role: "user", content: "霧坂とは？"),
      ChatMessage(role: "assistant", content: "高原の町です。"),
      ChatMessage(role: "user", content: "海は？"),
    ]
    #expect(try hf.renderChat(chat) == peer["chat"]?.string)
    #expect(try hf.encodeChat(chat) == ids(peer["chat_ids"]))
  }

  @Test func `the five files read back as the same tokenizer`() throws {
    let files = try TokenizerFiles(try smallModel())
    try withTemporaryFolder { folder in
      try files.write(to: folder / "t")
      let folderTokenizer = try Tokenizer.load(folder / "t")
      let direct = try files.tokenizer()
      #expect(folderTokenizer.fingerprint == direct.fingerprint)
      #expect(folderTokenizer.special == Tokenizer.SpecialIDs(unknown: 0, begin: 1, end: 2, pad: 3))
      #expect(folderTokenizer.chatTemplate?.source == ChatTemplate.llmjpSource)
      #expect(folderTokenizer.prefixIDs == [1] && folderTokenizer.suffixIDs.isEmpty)
      let model = try Tokenizer.load(folder / "t" / "tokenizer.model")
      #expect(model.encode("霧坂の朝") == direct.encode("霧坂の朝"))
      #expect(throws: Failure.self) { try Tokenizer.load(folder / "nowhere.model") }
    }
  }
}
