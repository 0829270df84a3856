import Base
import Formats
import TestSupport
import Testing
import Tokenizers

@Suite("Tokenizer") struct TokenizerTests {
  /// Text of all kinds of characters, the same for a seed.
  static func hostile(_ seed: UInt64) -> String {
    var random = SeededGenerator(seed)
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...80, using: &random) {
      let range: ClosedRange<UInt32> =
        [
          0...0x7f, 0x3040...0x30ff, 0x4e00...0x5fff, 0x300...0x36f, 0x1f300...0x1faff,
          0...0x10ffff,
        ][
          Int.random(in: 0..<6, using: &random)]
      if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) {
        text.append(scalar)
      }
    }
    return String(text)
  }

  @Test func `decoding gives back every text`() throws {
    let model = try smallModel()
    for tokenizer in [try Tokenizer(model), try TokenizerFiles(model).tokenizer()] {
      for seed in 0..<300 as Range<UInt64> {
        // The mark stands for a space, and comes back as one.
        let text = Self.hostile(seed)
        let ids = tokenizer.encode(text, parseSpecial: false)
        let expected = text.unicodeScalars.map { $0 == "\u{2581}" ? " " : String($0) }.joined()
        #expect(Array(tokenizer.decode(ids).utf8) == Array(expected.utf8), "seed \(seed)")
      }
    }
  }

  @Test func `a streaming decoder joins to the same text and never breaks a character`() throws {
    let tokenizer = try TokenizerFiles(try smallModel()).tokenizer()
    for seed in 0..<200 as Range<UInt64> {
      let ids = tokenizer.encode(Self.hostile(seed), addSpecial: true, parseSpecial: false)
      var decoder = tokenizer.makeStreamingDecoder()
      var pieces = ids.map { decoder.append($0) }
      pieces.append(decoder.finish())
      #expect(Array(pieces.joined().utf8) == Array(tokenizer.decode(ids).utf8))
      let text = Self.hostile(seed)
      if !text.unicodeScalars.contains("\u{fffd}") {
        #expect(!pieces.contains { $0.unicodeScalars.contains("\u{fffd}") })
      }
    }
  }

  @Test func `broken byte runs become replacement characters`() throws {
    let model = try smallModel()
    let spm = try Tokenizer(model), hf = try TokenizerFiles(model).tokenizer()
    let bytes = try #require(spm.vocabulary.byteIDs())
    let run = [bytes[0xe3], bytes[0x81], bytes[0x41], bytes[0xf0]]
    #expect(spm.decode(run) == "\u{fffd}\u{fffd}A\u{fffd}")
    #expect(hf.decode(run) == "\u{fffd}\u{fffd}\u{fffd}\u{fffd}")
    var stream = hf.makeStreamingDecoder()
    #expect(stream.append(bytes[0xe3]) == "")
    #expect(stream.append(bytes[0x81]) == "")
    #expect(stream.append(bytes[0x82]) == "あ")
    #expect(stream.append(bytes[0xf0]) == "")
    #expect(stream.finish() == "\u{fffd}")
    #expect(hf.decode([-5, 99_999_999]) == "\u{fffd}\u{fffd}")
  }

  @Test func `malformed bytes count as replacement characters one by one`() throws {
    let tokenizer = try Tokenizer(try smallModel())
    #expect(
      tokenizer.encode(utf8: [0x61, 0xff, 0xed, 0xa0, 0x80, 0xe3, 0x81])
        == tokenizer.encode("a\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}"))
  }

  @Test func `special tokens in text are read only when asked for`() throws {
    let tokenizer = try TokenizerFiles(try smallModel()).tokenizer()
    #expect(tokenizer.encode("</s>", parseSpecial: true) == [2])
    let spelt = tokenizer.encode("a</s>", parseSpecial: false)
    #expect(!spelt.contains { tokenizer.isSpecial($0) })
    #expect(tokenizer.decode(spelt) == "a</s>")
  }

  @Test(arguments: [1, 2, 3]) func `a batch is its texts one by one`(threads: Int) throws {
    let tokenizer = try TokenizerFiles(try smallModel()).tokenizer()
    let texts = (0..<150).map { Self.hostile(UInt64($0)) }
    #expect(
      tokenizer.encode(batch: texts, addSpecial: true, pool: ThreadPool(threads: threads))
        == texts.map { tokenizer.encode($0, addSpecial: true) })
  }

  @Test func `responses of a conversation are marked with their end tokens`() throws {
    let tokenizer = try TokenizerFiles(try smallModel()).tokenizer()
    let chat = [
      ChatMessage(role: "user", content: "霧坂とは？"), ChatMessage(role: "assistant", content: "町です。"),
      ChatMessage(role: "user", content: "海は？"), ChatMessage(role: "assistant", content: "南です。"),
    ]
    let conversation = try tokenizer.encodeConversation(chat)
    let said = zip(conversation.ids, conversation.isResponse).filter(\.1).map(\.0)
    #expect(tokenizer.decode(said, skipSpecial: false) == "町です。</s>南です。</s>")
    #expect(conversation.ids.first == 1 && conversation.ids.last == 2)
  }

  @Test func `canonically equivalent pieces stay apart`() throws {
    var model = SentencePieceModel()
    model.pieces = [
      .init("<unk>", kind: .unknown), .init("が", score: -1), .init("か\u{3099}", score: -2),
    ]
    model.normalizer.addsDummyPrefix = false
    model.normalizer.removesExtraWhitespace = false
    let tokenizer = try Tokenizer(SentencePieceModel(parsing: model.serialized()))
    #expect(tokenizer.encode("が") == [1])
    #expect(tokenizer.encode("か\u{3099}") == [2])
    #expect(tokenizer.vocabulary.id(of: "か\u{3099}") == 2)
  }

  @Test func `extra white space goes where the model says so`() throws {
    var model = SentencePieceModel()
    model.pieces = [
      .init("<unk>", kind: .unknown), .init("\u{2581}", score: -1), .init("a", score: -2),
    ]
    let tokenizer = try Tokenizer(model)
    #expect(tokenizer.encode("  a   a ") == tokenizer.encode("a a"))
    #expect(tokenizer.pieces(tokenizer.encode("a a")) == ["\u{2581}", "a", "\u{2581}", "a"])
    #expect(tokenizer.encode("   ") == [])
    #expect(tokenizer.encode("xyz") == [1, 0])  // a run of unknown characters is one piece
  }
}
