import Base
import Formats
import TestSupport
import Testing

@testable import Corpus

@Suite("Document files") struct DocumentFileTests {
  @Test("an index that does not fit its documents is refused, whatever is wrong with it")
  func fuzz() throws {
    try withTemporaryFolder { folder in
      let path = folder / "documents-00001.jsonl.zst"
      var writer = try DocumentFileWriter(creating: path)
      for index in 0..<50 { try writer.append(Array("{\"text\":\"\(index)\"}\n".utf8)) }
      try writer.finish()
      #expect(try DocumentFile(path).record(49)["text"] == "49")
      #expect(throws: Failure.self) { try DocumentFile(path).record(50) }
      #expect(throws: Failure.self) { try DocumentFile(path).record(-1) }
      let index = DocumentFile.indexPath(path)
      var fuzzer = Fuzzer(seeds: [try Files.read(index)], header: 12)
      var next = 0
      fuzzer.run { damaged in
        // Most inputs get a sound checksum, so that the checks behind it are reached.
        var bytes = damaged
        next += 1
        if next % 4 > 0, bytes.count >= 4 {
          bytes.removeLast(4)
          bytes.appendLittleEndian(crc32c(bytes))
        }
        do {
          try Files.remove(index)
          let file = try AppendFile(creating: index)
          try file.append(bytes)
          file.close()
          let documents = try DocumentFile(path)
          for ordinal in 0..<documents.count { _ = try? documents.record(ordinal) }
          return true
        } catch {
          let words = ["begin as an index", "too short", "checksum differs"]
          return !words.contains(where: oneLine(error).contains)
        }
      }
    }
  }

  @Test("many ids wait on the disk, not in memory, and come back in their order") func spool()
    throws
  {
    try withTemporaryFolder { folder in
      for (vocabulary, spread) in [(50_000, 1), (1 << 20, 20)] {
        let part = folder / "\(vocabulary)"
        try Files.makeDirectory(part)
        var writer = TokenShardWriter(
          folder: part, part: .train, tokenizerHash: [UInt8](repeating: 7, count: 32),
          vocabularySize: vocabulary, tokenLimit: 800_000)
        let documents = (0..<40).map { k in
          (0..<45_000).map { Int32((k * 45_000 + $0) * spread % vocabulary) }
        }
        for (k, ids) in documents.enumerated() {
          let id = DocumentID(version: 1, file: 1, ordinal: k)
          try writer.append(id, level: .L1, ids)
        }
        try writer.flush()
        #expect(writer.files.map(\.documents) == [17, 17, 6])
        let shards = try writer.files.map { try TokenShard(part / $0.file) }
        let read = shards.flatMap { shard in (0..<shard.documents).map { shard.document($0) } }
        #expect(read == documents)
        #expect(try Files.list(part).count == 3)
      }
    }
  }

  @Test("records take text or content, and put all else into meta") func records() throws {
    let record = try Record(
      ["content": "x = 1", "ext": "py", "meta": ["a": 1, "ext": "kept"]], level: .L1)
    #expect(
      String(decoding: record.line, as: UTF8.self)
        == "{\"text\":\"x = 1\",\"meta\":{\"a\":1,\"ext\":\"kept\"}}\n")
    #expect(try Record(["text": "secret"], level: .LZ).line.isEmpty)
  }

  @Test("ids are read as they are written") func identifiers() {
    let id = DocumentID(version: 3, file: 1, ordinal: 25)
    #expect(id.description == "v0003:1:25")
    #expect(DocumentID("v0003:1:25") == id)
    #expect(DocumentID("3:00001:25") == id)
    for text in ["", "v3", "v3:1", "v3:0:1", "v3:1:-1", "x3:1:1", "v3:1:1:1", "v:1:1"] {
      #expect(DocumentID(text) == nil, "\(text)")
    }
  }

  @Test("texts come by purpose, and a subset that is none gets a suggestion") func texts() throws {
    try Sample.withWorkspace { _, report in
      let version = report.version
      let training = try version.texts(for: .train)
      #expect(training.count == 10)
      for level: ReleaseLevel in [.LX, .LZ] {
        #expect(!training.joined().contains(Sample.words[level]!))
      }
      #expect(try version.texts(for: .test, subset: "heldout").count == 2)
      #expect(try version.forEachText(for: .train, subset: "canary") { _ in } == 2)
      let error = #expect(throws: Failure.self) {
        try version.texts(for: .train, subset: "ja_wki")
      }
      #expect(error?.remedy == "Did you mean ja_wiki?")
    }
  }

  @Test("a permutation is one, for any count", arguments: [1, 2, 3, 4, 5, 17, 64, 1000])
  func permutation(_ count: Int) {
    let order = Permutation(count: count, seed: 7, purpose: 1, step: 2)
    #expect((0..<count).map { order[$0] }.sorted() == Array(0..<count))
  }
}
