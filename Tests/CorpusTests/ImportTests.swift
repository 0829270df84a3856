import Base
import Corpus
import TestSupport
import Testing

@Suite("Corpus import") struct ImportTests {
  @Test("makes a version with counts, documents and ids") func importing() throws {
    try Sample.withWorkspace { workspace, report in
      #expect(report.documents == 14)
      #expect(report.warnings.isEmpty)
      let version = try CorpusVersion("sample", workspace: workspace)
      #expect(version.version == 1)
      #expect(version.manifest.documents == 14)
      let wiki = try #require(version.manifest.subsets.first { $0.name == "ja_wiki" })
      #expect(wiki.documents == 6)
      #expect(wiki.level == .L1)
      let first = try version.document(try #require(DocumentID("v0001:1:0")))
      #expect(try first.text.text(for: .show) == "澪都は南の湾にある都である。\n塩の町。")
      #expect(try first.meta(for: .show)["url"] == "https://example.org/澪都")
      #expect(try version.documents(file: 1, 4..<99).count == 2)
      #expect(throws: Failure.self) { try version.document(DocumentID("v0001:1:6")!) }
      #expect(throws: Failure.self) { try version.document(DocumentID("v0001:99:0")!) }
      #expect(throws: Failure.self) { try version.document(DocumentID("v0002:1:0")!) }
      // The two levels of one subset are counted apart.
      let canaries = version.manifest.subsets.filter { $0.name == "canary" }
      #expect(canaries.map(\.level) == [.LX, .LZ])
      #expect(canaries.map(\.characters) == [250, 350])
    }
  }

  @Test("of level LZ nothing is kept but counts") func noUse() throws {
    try Sample.withWorkspace { workspace, _ in
      for (path, bytes) in try Sample.everything(below: workspace) {
        #expect(!bytes.contains(text: Sample.words[.LZ]!), "\(path)")
      }
    }
  }

  @Test("text of a level comes out for its purposes alone") func levels() throws {
    try Sample.withWorkspace { workspace, _ in
      let version = try CorpusVersion("sample", workspace: workspace)
      try version.forEachDocument { document in
        for purpose in Purpose.allCases {
          if document.level.allows(purpose) {
            #expect(throws: Never.self) { try document.meta(for: purpose) }
            let text = try document.text.text(for: purpose)
            #expect(!text.isEmpty)
          } else {
            #expect(throws: Withheld.self) { try document.meta(for: purpose) }
            #expect(throws: Withheld.self) { try document.text.text(for: purpose) }
          }
        }
      }
    }
  }

  /// Each file says by its name or its first bytes what it is.
  @Test("brings in pages, crawls, dumps and tables as what they are") func formats() throws {
    try withTemporaryFolder { folder in
      let sentence = "霧坂の塩は春に作られ、夏には澪都の市で売られる。海の水を石の鍋で煮る。"
      let page = "<!doctype html><title>塩</title><nav>あちら</nav><p>\(sentence)</p>"
      let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\(page)"
      let record =
        "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\n"
        + "Content-Length: \(answer.utf8.count)\r\n\r\n\(answer)\r\n\r\n"
      let dump =
        "<mediawiki><page><title>塩</title><ns>0</ns><id>1</id><revision><text>'''\(sentence)'''"
        + "</text></revision></page></mediawiki>"
      let files = [
        ("page.html", page), ("page", page), ("crawl.warc", record), ("crawl", record),
        ("dump.xml", dump), ("t.csv", "text,title\n\(sentence),塩\n"),
        ("t.tsv", "title\ttext\n塩\t\(sentence)\n"),
      ]
      let store = VersionStore.corpora(of: folder / "ws")
      for (number, file) in files.enumerated() {
        try Files.write(file.1, to: folder / file.0)
        let report = try CorpusImport(
          "c\(number)", number: number + 1,
          sources: ImportSource.paths(
            [folder / file.0], subset: "s", language: "ja", level: .L1), into: store
        ).run()
        #expect(report.documents == 1 && report.warnings.isEmpty, "\(file.0)")
        let document = try report.version.document(
          DocumentID(version: number + 1, file: 1, ordinal: 0))
        #expect(try document.text.text(for: .show) == sentence, "\(file.0)")
        #expect(try document.meta(for: .show)["title"] == "塩", "\(file.0)")
      }
      try Files.write([0, 1, 2], to: folder / "unknown")
      #expect(throws: Failure.self) {
        try CorpusImport(
          "x", number: 99,
          sources: ImportSource.paths(
            [folder / "unknown"], subset: "s", language: "ja", level: .L1), into: store
        ).run()
      }
    }
  }

  @Test("importing again changes nothing; something new makes a version of old and new")
  func again() throws {
    try Sample.withWorkspace { workspace, _ in
      let store = VersionStore.corpora(of: workspace)
      let sources = try ImportSource.manifest(workspace.parent / "in" / "corpus.json")
      let same = try CorpusImport("sample", number: 2, sources: sources, into: store).run()
      #expect(same.isUnchanged)
      #expect(same.known.count == 6)
      #expect(try store.versions(of: "sample") == [1])
      let new = workspace.parent / "in" / "more.txt"
      try Files.write("一つの文書。\n二行目。\n", to: new)
      let report = try CorpusImport(
        "sample", number: 7,
        sources: ImportSource.paths([new], subset: "notes", language: "ja", level: .L1),
        into: store
      ).run()
      #expect(report.version.version == 7)
      #expect(report.version.manifest.parent == 1)
      #expect(report.version.manifest.documents == 15)
      #expect(try store.resolve("sample").version == 7)
      #expect(try store.resolve("sample@v0001").version == 1)
      let id = DocumentID(version: 7, file: 6, ordinal: 0)
      #expect(
        try report.version.document(id).text.text(for: .show) == "一つの文書。\n二行目。\n")
      let first = try report.version.document(DocumentID(version: 7, file: 1, ordinal: 1))
      #expect(try first.text.text(for: .show).hasPrefix("霧坂は高原"))
      #expect(throws: Failure.self) { try store.begin("sample", version: 7) }
    }
  }

  @Test("of two imports at once the later to end takes up what the other brought")
  func atOnce() throws {
    try Sample.withWorkspace { workspace, _ in
      let store = VersionStore.corpora(of: workspace)
      func sources(_ name: String) throws -> [ImportSource] {
        let file = workspace.parent / "in" / name
        try Files.write("\(name)の文書。\n", to: file)
        return try ImportSource.paths([file], subset: "notes", language: "ja", level: .L1)
      }
      func work(
        _ number: Int, _ mine: String, while other: Int, _ theirs: String
      ) throws -> CorpusImport {
        let others = try sources(theirs)
        var work = CorpusImport("sample", number: number, sources: try sources(mine), into: store)
        work.progress = Interloper {
          _ = try CorpusImport("sample", number: other, sources: others, into: store).run()
        }
        return work
      }
      let report = try work(7, "a.txt", while: 5, "b.txt").run()
      #expect(report.documents == 1)
      #expect(report.version.manifest.parent == 5)
      #expect(report.version.manifest.documents == 16)
      #expect(try store.newest(of: "sample") == 7)
      // Of a smaller number it would be older than what it holds.
      let late = try work(8, "c.txt", while: 9, "d.txt")
      let error = #expect(throws: CorpusImport.Overtaken.self) { try late.run() }
      #expect(error?.latest == 9)
      #expect(try store.versions(of: "sample") == [1, 5, 7, 9])
      #expect(try store.newest(of: "sample") == 9)
      #expect(try store.drafts(of: "sample").isEmpty)
    }
  }

  @Test("a deduplication does not hide what was imported meanwhile") func deduplicatingAtOnce()
    throws
  {
    try Sample.withWorkspace { workspace, _ in
      let store = VersionStore.corpora(of: workspace)
      let file = workspace.parent / "in" / "b.txt"
      try Files.write("一つの文書。\n", to: file)
      let sources = try ImportSource.paths([file], subset: "notes", language: "ja", level: .L1)
      // Enough of them that a deduplication tells how far it is.
      let many = workspace.parent / "in" / "many.jsonl"
      try Files.write((0..<300).map { Sample.line("文書\($0)") }.joined(), to: many)
      let parent = try CorpusImport(
        "sample", number: 4,
        sources: ImportSource.paths(
          [many], subset: "notes", language: "ja", level: .L1), into: store
      ).run().version
      var work = ExactDeduplication(parent, number: 6, in: store)
      work.progress = Interloper {
        _ = try CorpusImport("sample", number: 5, sources: sources, into: store).run()
      }
      let report = try work.run()
      #expect(!report.isLatest)
      #expect(report.version.version == 6)
      #expect(try store.newest(of: "sample") == 5)
      // Gone on with after an interruption it comes to the same.
      let again = try ExactDeduplication(parent, number: 6, in: store).run()
      #expect(again.isUnchanged && !again.isLatest)
      #expect(try store.newest(of: "sample") == 5)
    }
  }

  @Test("a bad line is recorded and skipped, the rest imported") func malformed() throws {
    try withTemporaryFolder { folder in
      let path = folder / "bad.jsonl"
      var bytes = Array(
        "{\"text\": \"good\"}\n{\"text\": \n[1]\n{\"txt\": 1}\n{\"text\": 5}\n".utf8)
      bytes += Array(
        "{\"text\": \" \"}\n{\"text\": \"x\", \"meta\": 3}\n{\"content\": \"code\"}\n".utf8)
      bytes += Array("{\"text\": \"a".utf8) + [0xFF] + Array("b\"}\n{\"text\": \"cut".utf8)
      try Files.write(bytes, to: path)
      let report = try CorpusImport(
        "bad", number: 3,
        sources: ImportSource.paths([path], subset: "s", language: "ja", level: .L1),
        into: .corpora(of: folder / "ws")
      ).run()
      #expect(report.documents == 3)
      #expect(report.malformed == 7)
      #expect(report.repaired == 1)
      #expect(report.warnings.contains { $0.contains("bad.jsonl:2: skipped") })
      #expect(report.warnings.contains { $0.contains("bad.jsonl:9: repaired") })
      #expect(report.warnings.contains { $0.contains("bad.jsonl:10: skipped") })
      #expect(report.version.manifest.sources[0].malformed == 7)
      let quarantine = try Files.readText(report.version.folder / "quarantine.jsonl")
      #expect(quarantine.split(separator: "\n").count == 8)
      #expect(
        try report.version.documents(file: 1, 0..<3).map { try $0.text.text(for: .show) }
          == ["good", "code", "a\u{FFFD}b"])
    }
  }

  @Test("a withheld text leaves no trace in the quarantine") func quietQuarantine() throws {
    try withTemporaryFolder { folder in
      let path = folder / "lz.jsonl"
      let secret = Sample.words[.LZ]!
      try Files.write(
        "{\"\(secret)\": 1, \"\(secret)\": 2}\n{\"text\": \"\(secret)\n", to: path)
      let report = try CorpusImport(
        "lz", number: 1,
        sources: ImportSource.paths([path], subset: "s", language: "ja", level: .LZ),
        into: .corpora(of: folder / "ws")
      ).run()
      #expect(report.malformed == 2)
      #expect(!report.warnings.joined().contains(secret))
      for (_, bytes) in try Sample.everything(below: folder / "ws") {
        #expect(!bytes.contains(text: secret))
      }
    }
  }

  @Test(
    "what cannot be read leaves the corpus as it was",
    arguments: ["cut.jsonl.gz", "missing.jsonl", "page.pdf", "text"])
  func failures(_ name: String) throws {
    try Sample.withWorkspace { workspace, _ in
      let path = workspace.parent / name
      switch name {
      case "cut.jsonl.gz":
        let goldens = repositoryRoot / "Tests" / "FormatsTests" / "Goldens"
        try Files.write(
          Array(try Files.read(goldens / "members.jsonl.gz")[..<800]), to: path)
      case "missing.jsonl": break
      default: try Files.write("%PDF-1.7", to: path)
      }
      let before = try Sample.everything(below: workspace).map { $0.0 }
      let error = #expect(throws: Failure.self) {
        try CorpusImport(
          "sample", number: 2,
          sources: [ImportSource(path, subset: "s", language: "ja", level: .L1)],
          into: .corpora(of: workspace)
        ).run()
      }
      #expect(error?.problem.contains(name) == true)
      #expect(try Sample.everything(below: workspace).map { $0.0 } == before)
    }
  }

  @Test("a corpus.json with a mistake names its entry") func badManifest() throws {
    try withTemporaryFolder { folder in
      let path = folder / "corpus.json"
      try Files.write(
        #"{"files": [{"file": "a", "subset": "s", "language": "ja", "level": "L9"}]}"#, to: path)
      let error = #expect(throws: Failure.self) { try ImportSource.manifest(path) }
      #expect(error?.problem.contains("files[0].level is L9") == true)
    }
  }

  @Test("a name that is none is refused, an unknown one gets a suggestion") func names() throws {
    try Sample.withWorkspace { workspace, _ in
      let store = VersionStore.corpora(of: workspace)
      #expect(throws: Failure.self) { try store.begin("../x", version: 1) }
      let error = #expect(throws: Failure.self) {
        try CorpusVersion("sampel", workspace: workspace)
      }
      #expect(error?.remedy == "Did you mean sample?")
      #expect(throws: Failure.self) { try CorpusVersion("sample@v9", workspace: workspace) }
      let names = try store.names()
      #expect(names == ["sample"])
    }
  }
}
