import Base
import Corpus
import Synchronization
import TestSupport
import Testing
import Tokenizers

@Suite("Token shards") struct ShardTests {
  static func withShards<Result>(
    threads: Int = 2, limit: Int = 1 << 26, _ body: (CorpusVersion, TokenShards) throws -> Result
  ) throws -> Result {
    try Sample.withWorkspace { workspace, report in
      var job = Tokenization(report.version, tokenizer: "bytes@v0002")
      job.pool = ThreadPool(threads: threads)
      job.shardLimit = limit
      return try body(report.version, try job.run(ByteEncoder()))
    }
  }

  @Test("hold the documents their part allows, with id and level") func documents() throws {
    try ShardTests.withShards { version, shards in
      let encoder = ByteEncoder()
      var expected: [ShardPart: [DocumentID]] = [:]
      try version.forEachDocument { document in
        if document.level.allows(.train) { expected[.train, default: []].append(document.id) }
        if document.subset == "heldout" { expected[.validation, default: []].append(document.id) }
      }
      for (part, files) in [(ShardPart.train, shards.train), (.validation, shards.validation)] {
        let found = files.flatMap { shard in (0..<shard.documents).map { shard.id(of: $0) } }
        #expect(found == expected[part])
        for shard in files {
          for index in 0..<shard.documents {
            let document = try version.document(shard.id(of: index))
            #expect(document.level == shard.level(index))
            let purpose: Purpose = part == .train ? .train : .test
            #expect(try shard.document(index) == encoder.encode(document.text.text(for: purpose)))
          }
        }
      }
    }
  }

  @Test("canaries of LX and LZ are in none") func canaries() throws {
    try ShardTests.withShards { _, shards in
      let encoder = ByteEncoder()
      for shard in shards.train + shards.validation {
        let text = (0..<shard.documents).map { encoder.decode(shard.document($0)) }.joined()
        #expect(!text.contains(Sample.words[.LX]!))
        #expect(!text.contains(Sample.words[.LZ]!))
        #expect(text.contains(Sample.words[.L3]!) == (shard.part == .train))
      }
    }
  }

  @Test("of a process that died are removed, those of a living one left alone") func drafts() throws
  {
    try Sample.withWorkspace { _, report in
      let shards = report.version.folder / "shards"
      let alive = ProcessIdentity.current
      let names = [
        // A process of this host that is no more, one of another host, one that is at work.
        ".bytes@v0002.\(alive.host).\(alive.pid).1.1.tmp", ".bytes@v0002.elsewhere.1.1.1.tmp",
        ".a.b@v0002.\(alive.host).\(alive.pid).\(alive.startTime).9.tmp", ".notes",
      ]
      for name in names { try Files.makeDirectory(shards / name) }
      _ = try Tokenization(report.version, tokenizer: "bytes@v0002").run(ByteEncoder())
      #expect(try Files.list(shards) == (names.dropFirst() + ["bytes@v0002"]).sorted())
    }
  }

  @Test("by two at once are whole, and the same for both") func race() throws {
    try Sample.withWorkspace { _, report in
      let made = Mutex<[Path]>([])
      ThreadPool(threads: 4).run(4) { _ in
        var job = Tokenization(report.version, tokenizer: "bytes@v0002")
        job.pool = ThreadPool(threads: 1)
        guard let shards = try? job.run(ByteEncoder()) else { return }
        made.withLock { $0.append(shards.folder) }
      }
      #expect(made.withLock { $0.count } == 4)
      _ = try TokenShards(report.version.folder / "shards/bytes@v0002")
      #expect(try Files.list(report.version.folder / "shards") == ["bytes@v0002"])
    }
  }

  @Test("are the same bytes for any number of threads") func threads() throws {
    func bytes(_ threads: Int) throws -> [[UInt8]] {
      try ShardTests.withShards(threads: threads, limit: 400) { _, shards in
        #expect(shards.train.count > 2)
        return try Files.list(shards.folder).map { try Files.read(shards.folder / $0) }
      }
    }
    let one = try bytes(1)
    #expect(try bytes(3) == one)
    #expect(try bytes(8) == one)
  }

  @Test("are made once for a tokenizer; another under its name is refused") func again() throws {
    try ShardTests.withShards { version, shards in
      let job = Tokenization(version, tokenizer: "bytes@v0002")
      #expect(try job.run(ByteEncoder()).manifest == shards.manifest)
      let other = ByteEncoder(hash: SHA256.hex(of: [1]))
      #expect(throws: Failure.self) { try job.run(other) }
      let tokens = try version.statistics().map(\.tokens)
      #expect(tokens.filter { $0 == nil }.count == 2)
      #expect(try version.statistics()[0].tokens == version.manifest.subsets[0].bytes)
      #expect(try version.tokenizations() == ["bytes@v0002"])
    }
  }

  @Test("a large vocabulary takes four bytes an id") func wide() throws {
    try Sample.withWorkspace { _, report in
      let job = Tokenization(report.version, tokenizer: "wide@v0003")
      let shards = try job.run(WideEncoder())
      let text = try report.version.document(shards.train[0].id(of: 0)).text.text(for: .train)
      #expect(shards.train[0].document(0) == WideEncoder().encode(text))
    }
  }

  /// Ids beyond 16 bits.
  struct WideEncoder: TextEncoder {
    var hash: String { SHA256.hex(of: Array("wide".utf8)) }
    var vocabularySize: Int { 1 << 21 }
    var bos: Int32 { 1 }
    var eos: Int32 { 2 }
    func encode(_ text: String) -> [Int32] { text.unicodeScalars.map { Int32($0.value) + 70_000 } }
  }

  @Test("an id outside the vocabulary is refused") func outside() throws {
    try Sample.withWorkspace { _, report in
      let job = Tokenization(report.version, tokenizer: "small@v0003")
      let error = #expect(throws: Failure.self) {
        try job.run(ByteEncoder(vocabularySize: 100))
      }
      #expect(error?.problem.contains("with a vocabulary of 100") == true)
      let made = try report.version.tokenizations()
      #expect(made.isEmpty)
    }
  }

  private static let realTokenizer = sharedData(
    "tokenizers/llm-jp-code10K_en20K_ja30K.ver2.2.model")

  @Test("a real tokenizer's shards decode to the documents", .enabled(if: realTokenizer != nil))
  func decoded() throws {
    let path = try #require(Self.realTokenizer)
    let tokenizer = try Tokenizer.load(path)
    try Sample.withWorkspace { _, report in
      let job = Tokenization(report.version, tokenizer: "llm-jp@v0002")
      let shard = try job.run(DocumentEncoder(tokenizer)).train[0]
      #expect(shard.tokenizerHash == tokenizer.fingerprint)
      for index in 0..<shard.documents {
        let text = try report.version.document(shard.id(of: index)).text.text(for: .train)
        // This tokenizer folds the forms that NFKC folds; the sample has none of them.
        #expect(tokenizer.decode(shard.document(index)) == text)
      }
    }
  }

  @Test("survive damage") func fuzz() throws {
    try ShardTests.withShards { _, shards in
      let path = shards.folder / "fuzz"
      var fuzzer = Fuzzer(seeds: [try Files.read(shards.train[0].path)], header: 128)
      var next = 0
      fuzzer.run { damaged in
        // Most inputs get sound checksums, so that the checks behind them are reached.
        next += 1
        let bytes = next % 4 > 0 ? mended(damaged) : damaged
        do {
          try? Files.remove(path)
          let file = try AppendFile(creating: path)
          try file.append(bytes)
          file.close()
          let shard = try TokenShard(path)
          for index in 0..<shard.documents { _ = shard.document(index) }
          return true
        } catch {
          let words = ["first bytes", "too short", "checksum differs"]
          return !words.contains(where: oneLine(error).contains)
        }
      }
    }
  }

  @Test("of a part that is none are refused") func part() throws {
    try ShardTests.withShards { _, shards in
      var bytes = try Files.read(shards.train[0].path)
      bytes[68] = 2
      let path = shards.folder / "other.shard"
      try Files.write(mended(bytes), to: path)
      let error = #expect(throws: Failure.self) { _ = try TokenShard(path) }
      #expect(error?.problem.contains("neither training nor validation") == true)
    }
  }

  private func mended(_ damaged: [UInt8]) -> [UInt8] {
    guard damaged.count >= 128 else { return damaged }
    var bytes = damaged
    var body: [UInt8] = []
    body.appendLittleEndian(crc32c(Array(bytes[128...])))
    bytes.replaceSubrange(72..<76, with: body)
    var header: [UInt8] = []
    header.appendLittleEndian(crc32c(Array(bytes[..<124])))
    bytes.replaceSubrange(124..<128, with: header)
    return bytes
  }
}
