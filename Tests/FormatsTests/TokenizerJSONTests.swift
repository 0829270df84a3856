import Base
import Formats
import TestSupport
import Testing

@Suite("tokenizer.json") struct TokenizerJSONTests {
  static func sample() -> TokenizerJSON {
    var file = TokenizerJSON(
      model: .init(
        pieces: [("<unk>", -40), ("<s>", -40), ("a", -1.25), ("▁\n\"", -2)], unknownID: 0,
        byteFallback: true))
    file.addedTokens = [.init(id: 0, content: "<unk>"), .init(id: 1, content: "<s>")]
    file.normalizer = .sequence([.prepend("▁"), .replace(.text(" "), with: "▁")])
    file.preTokenizer = .metaspace(replacement: "▁", scheme: .first, splits: false)
    file.postProcessor = .template(
      single: [.special("<s>", typeID: 0), .sequence("A", typeID: 0)], pair: [],
      specialIDs: [("<s>", [1])])
    file.decoder = .sequence([
      .replace(.expression("▁"), with: " "), .byteFallback, .fuse,
      .strip(content: " ", start: 1, stop: 0),
    ])
    return file
  }

  @Test func `what is written reads back`() throws {
    let file = Self.sample()
    #expect(try TokenizerJSON(parsing: file.serialized()) == file)
  }

  @Test(arguments: [
    (#"{"model":{"type":"BPE","vocab":{},"merges":[]}}"#, "BPE"),
    (#"{"model":{"type":"Unigram","vocab":[["a",-1]]},"normalizer":{"type":"NFKC"}}"#, "NFKC"),
    (#"{"model":{"vocab":[["a",-1]]},"pre_tokenizer":{"type":"ByteLevel"}}"#, "ByteLevel"),
    (#"{"model":{"vocab":[["a",-1]],"unk_id":4}}"#, "unk_id"),
    (#"{"model":{"vocab":[["a"]]}}"#, "entry 0"),
    (#"{"model":{"vocab":[]}}"#, "0 pieces"), ("{}", "no model"), ("[", "invalid JSON"),
    (
      #"{"model":{"vocab":[["a",-1]]},"added_tokens":[{"id":-1,"content":"a"}]}"#,
      "added_tokens[0].id"
    ),
  ])
  func `what is wrong or not supported is named`(text: String, word: String) {
    let error = #expect(throws: Failure.self) { try TokenizerJSON(parsing: Array(text.utf8)) }
    #expect(error?.problem.contains(word) == true, "\(error?.problem ?? "")")
  }

  @Test func `no input makes it trap`() throws {
    var fuzzer = JSONFuzzer(
      seeds: [try JSON.parse(Self.sample().serialized())],
      values: ["Unigram", "BPE", "Sequence", "Metaspace", "<s>", ["a", -1], [["a", -1]]])
    var accepted = 0
    fuzzer.run { document in
      do {
        let file = try TokenizerJSON(parsing: Array(document.text().utf8))
        #expect(try TokenizerJSON(parsing: file.serialized()) == file)
        accepted += 1
        return true
      } catch { return error is Failure && !"\(error)".contains("has no model") }
    }
    #expect(accepted > 0)
  }
}
