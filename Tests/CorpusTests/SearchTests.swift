import Base
import Corpus
import TestSupport
import Testing

@Suite("Corpus search, export, deduplication") struct SearchTests {
  /// Every query against a plain look through all documents that may be searched.
  @Test(
    "finds what a look through all texts finds",
    arguments: [
      "霧坂", "霧", "澪都", "高原の町", "Mist Comet", "mist", "MI", "37", "塩の町", "ひらけごま", "みせる",
      "まなぶだけ", "ためすだけ", "ふれる", "\"Mist Comet\"", "霧坂 楽し", "ない語", "霧坂へ", "の", "。",
      "都である。", "%", "_", "'", "*", "町。\"",
    ])
  func agrees(_ query: String) throws {
    try Sample.withWorkspace { workspace, _ in
      let version = try CorpusVersion("sample", workspace: workspace)
      let words =
        query.contains("\"Mist")
        ? ["mist comet"]
        : query == "町。\""
          ? ["町。"]
          : query.lowercased().split(separator: " ").map(String.init)
      var expected: [DocumentID] = []
      try version.forEachDocument(in: { $0.level.allows(.search) }) { document in
        let text = try document.text.text(for: .search).lowercased()
        if words.allSatisfy({ contains(text, $0) }) { expected.append(document.id) }
      }
      let result = try version.search(query, limit: 100)
      #expect(result.hits.map(\.doc) == expected)
      #expect(result.total == expected.count)
      #expect(result.withheld == 5)
      for hit in result.hits {
        #expect(contains(hit.snippet.lowercased(), words[0]))
        #expect(!hit.snippet.contains("\n"))
        #expect(hit.level == .L1 || hit.level == .L2)
      }
    }
  }

  private func contains(_ text: String, _ word: String) -> Bool {
    Array(text.utf8).contains(text: word)
  }

  @Test(
    "an index that is missing or damaged is made again", arguments: ["", "cut", "empty", "junk"])
  func rebuilt(_ damage: String) throws {
    try Sample.withWorkspace { workspace, report in
      let path = report.version.folder / "index.db"
      let sound = try Files.read(path)
      let expected = try report.version.search("霧坂").hits.map(\.doc)
      try Files.remove(path)
      switch damage {
      case "cut": try Files.write(Array(sound[..<(sound.count / 2)]), to: path)
      case "empty": try Files.write("", to: path)
      case "junk": try Files.write(String(repeating: "junk", count: 5000), to: path)
      default: break
      }
      #expect(try report.version.search("霧坂").hits.map(\.doc) == expected)
      #expect(try Files.size(path) == sound.count)
      #expect(try Files.list(report.version.folder).allSatisfy { !$0.hasPrefix(".") })
    }
  }

  @Test("a deduplication takes over what the import put aside") func quarantine() throws {
    try withTemporaryFolder { folder in
      try Files.write(Sample.line("a") + "{\n" + Sample.line("a"), to: folder / "bad.jsonl")
      let store = VersionStore.corpora(of: folder / "ws")
      let source = ImportSource(folder / "bad.jsonl", subset: "s", language: "ja", level: .L1)
      let first = try CorpusImport("c", number: 1, sources: [source], into: store).run()
      let clean = try ExactDeduplication(first.version, number: 2, in: store).run()
      let list = try Files.read(first.version.folder / "quarantine.jsonl")
      #expect(!list.isEmpty)
      #expect(try Files.read(clean.version.folder / "quarantine.jsonl") == list)
      try Files.write("}\n" + Sample.line("b"), to: folder / "more.jsonl")
      let more = ImportSource(folder / "more.jsonl", subset: "s", language: "ja", level: .L1)
      let third = try CorpusImport("c", number: 3, sources: [more], into: store).run()
      let both = try Files.read(third.version.folder / "quarantine.jsonl")
      #expect(both.starts(with: list) && both.split(separator: 10).count == 2)
    }
  }

  @Test("pages through hits, refuses an empty query") func paging() throws {
    try Sample.withWorkspace { workspace, _ in
      let version = try CorpusVersion("sample", workspace: workspace)
      let all = try version.search("霧坂", limit: 100).hits.map(\.doc)
      #expect(all.count == 4)
      #expect(try version.search("霧坂", limit: 2, offset: 1).hits.map(\.doc) == Array(all[1...2]))
      #expect(try version.search("霧坂", limit: 1).total == 4)
      #expect(throws: Failure.self) { try version.search("  ") }
      #expect(throws: Failure.self) { try version.search("\"\"") }
    }
  }

  @Test("the index holds nothing of L3, LX and LZ") func index() throws {
    try Sample.withWorkspace { workspace, report in
      let bytes = try Files.read(report.version.folder / "index.db")
      for level: ReleaseLevel in [.L3, .LX, .LZ] {
        #expect(!bytes.contains(text: String(Sample.words[level]!.prefix(3))))
      }
    }
  }

  @Test("export gives L1 alone, and says how much it kept back") func export() throws {
    try Sample.withWorkspace { workspace, _ in
      let version = try CorpusVersion("sample", workspace: workspace)
      var bytes: [UInt8] = []
      let report = try version.export { bytes += $0 }
      #expect(report == ExportReport(written: 6, withheld: 8))
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.split(separator: "\n").count == 6)
      let first = try JSON.parse(String(text.split(separator: "\n")[0]))
      #expect(first["meta"]?["url"] == "https://example.org/澪都")
      for level: ReleaseLevel in [.L2, .L3, .LX, .LZ] {
        #expect(!text.contains(Sample.words[level]!))
      }
    }
  }

  @Test("of equal texts one stays: the first of the most open level") func deduplication() throws {
    try Sample.withWorkspace { workspace, report in
      let store = VersionStore.corpora(of: workspace)
      let result = try ExactDeduplication(report.version, number: 2, in: store).run()
      #expect(result.removed == ["ja_wiki": 1, "ja_cc": 1])
      #expect(result.kept == 12)
      let list = try Files.readText(result.version.folder / "removed.jsonl")
      #expect(
        list == "{\"doc\":\"v0001:1:5\",\"stays\":\"v0001:1:1\"}\n"
          + "{\"doc\":\"v0001:2:2\",\"stays\":\"v0001:1:2\"}\n")
      #expect(result.version.manifest.parent == 1)
      // Counts without text go on.
      #expect(result.version.manifest.subsets.contains { $0.level == .LZ && $0.documents == 1 })
      let again = try ExactDeduplication(report.version, number: 2, in: store).run()
      #expect(again.isUnchanged)
      #expect(again.removed == result.removed)
      #expect(try CorpusVersion("sample", workspace: workspace).version == 2)
    }
  }

  @Test("a deduplication is stopped, and nothing is left of it") func stopped() throws {
    try Sample.withWorkspace { workspace, _ in
      let folder = workspace.parent
      let lines = (0..<300).map { Sample.line("文章 \($0)") }
      try Files.write(lines.joined(), to: folder / "many.jsonl")
      let store = VersionStore.corpora(of: workspace)
      let source = ImportSource(folder / "many.jsonl", subset: "s", language: "ja", level: .L1)
      let report = try CorpusImport("many", number: 2, sources: [source], into: store).run()
      var work = ExactDeduplication(report.version, number: 3, in: store)
      let flag = CancellationFlag()
      work.cancellation = flag
      flag.cancel()
      #expect(throws: Stopped.self) { try work.run() }
      #expect(try Files.list(store.folder / "many") == ["latest", "v0002"])
    }
  }

  @Test("a text held out for tests is not trained on") func heldOut() throws {
    try withTemporaryFolder { folder in
      let text = "同じ文章がここにある。"
      var sources: [ImportSource] = []
      for level: ReleaseLevel in [.L3, .L1, .L2, .LX] {
        let path = folder / "\(level.rawValue).jsonl"
        try Files.write(Sample.line(text, ["level": .string(level.rawValue)]), to: path)
        sources.append(ImportSource(path, subset: "s", language: "ja", level: level))
      }
      let store = VersionStore.corpora(of: folder / "ws")
      let all = try CorpusImport("c", number: 1, sources: sources, into: store).run()
      let clean = try ExactDeduplication(all.version, number: 2, in: store).run()
      #expect(clean.version.manifest.files.map(\.level) == [.LX])
      let open = try CorpusImport("d", number: 3, sources: Array(sources[..<3]), into: store).run()
      let rest = try ExactDeduplication(open.version, number: 4, in: store).run()
      #expect(rest.version.manifest.files.map(\.level) == [.L1])
    }
  }
}
