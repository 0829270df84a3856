import Base
import TestSupport
import Testing

@testable import Formats

@Suite("SentencePiece models") struct SentencePieceModelTests {
  static func sample() -> SentencePieceModel {
    var model = SentencePieceModel()
    model.pieces = [
      .init("<unk>", kind: .unknown), .init("<s>", kind: .control), .init("\n", kind: .userDefined),
      .init("<0x00>", kind: .byte), .init("霧坂", score: -3.5), .init("a", score: -4),
    ]
    model.trainer.byteFallback = true
    model.trainer.padID = -1
    model.trainer.userDefinedSymbols = ["\n"]
    model.normalizer.name = "identity"
    model.normalizer.removesExtraWhitespace = false
    return model
  }

  @Test func `what is written reads back`() throws {
    let model = Self.sample()
    let back = try SentencePieceModel(parsing: model.serialized())
    #expect(back == model)
    #expect(
      back.trainer.padID == -1 && back.trainer.beginID == 1 && back.trainer.endPiece == "</s>")
    #expect(!back.normalizer.removesExtraWhitespace && back.normalizer.addsDummyPrefix)
    #expect(back.vocabularyText().hasPrefix("<unk>\t0\n<s>\t0\n"))
  }

  @Test func `LLM-jp's files come back byte for byte`() throws {
    for name in ["llm-jp-tokenizer-100k.ver3.0b1", "llm-jp-code10K_en20K_ja30K.ver2.2"] {
      guard let path = sharedData("tokenizers/\(name).model") else { continue }
      let bytes = try Files.read(path)
      let model = try SentencePieceModel(parsing: bytes)
      #expect(try SentencePieceModel(parsing: model.serialized()) == model)
      #expect(model.serialized() == bytes, "\(name)")
    }
  }

  @Test func `unknown fields are kept`() throws {
    // Field 200 with the varint 7, at the end of the model.
    let bytes = Self.sample().serialized() + [0xc0, 0x0c, 0x07]
    #expect(try SentencePieceModel(parsing: bytes).serialized() == bytes)
  }

  @Test(
    arguments: [
      ([], "no pieces"), ([0x0a, 0x05, 0x0a], "more than are left"), ([0x0b], "wire type"),
      ([0x08, 0x01], "no message"), ([0x0a, 0x02, 0x18, 0x63], "unknown type"),
      ([0x0a, 0x03, 0x0a, 0x01, 0xff], "not UTF-8"), ([0x0a], "cut off"),
      ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], "64 bits"),
      ([0x0a, 0x03, 0x0a, 0x01, 0x61], "no unknown piece"),
      ([0x0a, 0x07, 0x0a, 0x00, 0x15, 0x00, 0x00, 0xc0, 0x7f], "finite"),
    ] as [([UInt8], String)])
  func `broken files are refused with the reason`(bytes: [UInt8], reason: String) {
    let error = #expect(throws: Failure.self) { try SentencePieceModel(parsing: bytes) }
    #expect(error?.problem.contains(reason) == true, "\(error?.problem ?? "")")
  }

  @Test func `no input makes it trap`() {
    var fuzzer = ProtobufFuzzer(Self.sample().serialized(), messages: [1, 2, 3, 5])
    let start = monotonicSeconds()
    var tried = 0
    var understood = 0
    while Fuzzer.goesOn(tried, since: start) {
      tried += 1
      do {
        let model = try SentencePieceModel(parsing: fuzzer.next())
        #expect(throws: Never.self) { try SentencePieceModel(parsing: model.serialized()) }
        understood += 1
      } catch {
        // The other refusals are of the meaning, not of the wire.
        if !error.problem.contains("at byte") { understood += 1 }
      }
    }
    #expect(understood * 10 >= tried * 3, "\(understood) of \(tried)")
  }
}
