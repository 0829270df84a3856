import Base
import TestSupport
import Testing

@Suite("Corpus commands") struct CorpusCommandTests {
  /// A workspace with a corpus of one subset a level, each text with a word of its own.
  private static func sample(_ folder: Path) throws -> Kaji {
    let kaji = Kaji(folder: folder)
    _ = try kaji("init")
    for level in ["L1", "L2", "L3", "LX", "LZ"] {
      let lines = (1...3).map { number in
        "{\"text\": \"共通の文 canary\(level) 番\(number)\\n二行目\", \"meta\": {\"id\": \(number)}}\n"
      }
      try Files.write(lines.joined(), to: folder / "\(level).jsonl")
      let made = try kaji.json(
        "corpus", "import", "sample", "\(level).jsonl", "--subset", "of\(level)", "--language",
        "ja",
        "--level", level)
      #expect(made["documents"]?.int == 3)
    }
    return kaji
  }

  @Test func `each level gives what it may`() throws {
    try withTemporaryFolder { folder in
      let kaji = try Self.sample(folder)
      let list = try kaji.json("corpus", "list")
      #expect(list[0]?["name"]?.string == "sample")
      #expect(list[0]?["latest"]?.string == "v0005")
      #expect(list[0]?["documents"]?.int == 15)

      let stats = try kaji.json("corpus", "stats", "sample")["subsets"]?.array ?? []
      #expect(stats.map { $0["level"]?.string } == ["L1", "L2", "L3", "LX", "LZ"])
      #expect(stats.allSatisfy { $0["documents"]?.int == 3 && $0["language"]?.string == "ja" })
      #expect(stats[0]["characters"]?.int == 3 * 20)
      #expect(stats.allSatisfy { $0["tokens"]?.isNull == true })

      let common = try kaji.json("corpus", "search", "sample", "共通")
      #expect(common["total"]?.int == 6)
      #expect(common["withheld"]?.int == 9)
      let hits = common["hits"]?.array ?? []
      #expect(Set(hits.map { $0["subset"]?.string }) == ["ofL1", "ofL2"])
      for level in ["L1", "L2"] {
        let hit = try kaji.json("corpus", "search", "sample", "canary\(level)", "番2")["hits"]?[0]
        let doc = try #require(hit?["doc"]?.string)
        #expect(hit?["level"]?.string == level)
        let shown = try kaji.json("corpus", "show", "sample", doc)
        #expect(shown["doc"]?.string == doc)
        #expect(shown["text"]?.string == "共通の文 canary\(level) 番2\n二行目")
        #expect(shown["meta"]?["id"]?.int == 2)
      }
      for level in ["L3", "LX", "LZ"] {
        #expect(try kaji.json("corpus", "search", "sample", "canary\(level)")["total"]?.int == 0)
      }
      // Every id there might be, by hand: nothing of L3, LX and LZ comes out.
      for file in 1...5 {
        let outcome = try kaji("corpus", "show", "sample", "v0005:\(file):0")
        if outcome.status == 0 {
          #expect(outcome.output.contains("canaryL1") || outcome.output.contains("canaryL2"))
        } else {
          #expect(!(outcome.output + outcome.error).contains("canary"))
        }
      }
      let export = try kaji.json("corpus", "export", "sample", "--to", "out.jsonl")
      #expect(export["written"]?.int == 3)
      #expect(export["withheld"]?.int == 12)
      let lines = try Files.readText(folder / "out.jsonl").split(separator: "\n")
      #expect(try lines.map { try JSON.parse(String($0))["meta"]?["id"]?.int } == [1, 2, 3])
      #expect(lines.allSatisfy { $0.contains("canaryL1") })
    }
  }

  @Test func `a version that is not there, or is not the document's, is an error`() throws {
    try withTemporaryFolder { folder in
      let kaji = try Self.sample(folder)
      for reference in ["sample", "sample@v0005", "sample@latest"] {
        #expect(try kaji.json("corpus", "show", reference, "v0005:1:0")["level"]?.string == "L1")
      }
      expectFailure(
        try kaji("corpus", "show", "sample@v99", "v0005:1:0"), "no version v99", "v0001", "v0005")
      expectFailure(try kaji("corpus", "show", "sample@v0004", "v0005:1:0"), "another version")
    }
  }

  @Test func `devices, pipes and lines without end are refused`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      _ = try kaji("init")
      let options = ["--subset", "s", "--language", "ja", "--level", "L1", "--format", "text"]
      let (status, _) = try Subprocess.run(["/usr/bin/mkfifo", (folder / "pipe").string])
      #expect(status == 0)
      for path in ["/dev/zero", "/dev/null", "pipe"] {
        expectFailure(
          try kaji.run(["corpus", "import", "c", path] + options), path, "device or a pipe")
      }
      let endless = [UInt8](repeating: 0, count: 1 << 26 + 1)
      expectFailure(
        try kaji.run(["corpus", "import", "c", "-"] + options, input: endless), "standard input",
        "a line of more than")
      expectFailure(
        try kaji("corpus", "import", "c", "--manifest", "-"), status: 2, "--manifest is '-'")
      #expect(try kaji.json("exp", "list").array?.isEmpty == true)
    }
  }

  @Test func `a signal while standard input is read leaves nothing behind`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      _ = try kaji("init")
      let scratch = folder / "scratch"
      try Files.makeDirectory(scratch)
      // The input begins and does not end; the signal comes once the file of it is there.
      let script = """
        cd "$1" && mkfifo in
        sleep 60 >in & writer=$!
        TMPDIR=$1/scratch "$2" corpus import c - --subset s --language ja --level L1 <in & reader=$!
        for turn in $(seq 500); do ls scratch/*/input >found 2>err && break; sleep 0.01; done
        kill -TERM $reader; wait $reader; echo "status $?"; kill $writer
        """
      let (_, bytes) = try Subprocess.run(
        ["/bin/sh", "-c", script, "sh", folder.string, Kaji.program.string])
      let told = String(decoding: bytes, as: UTF8.self)
      #expect(told.contains("status 1"), "\(told)")
      #expect(try Files.list(scratch).isEmpty)
      #expect(try !Files.readText(folder / "found").isEmpty)
    }
  }

  @Test func `an export goes where it is sent, and never in the place of a device`() throws {
    try withTemporaryFolder { folder in
      let kaji = try Self.sample(folder)
      let piped = try kaji("corpus", "export", "sample", "--to", "-")
      #expect(piped.output.split(separator: "\n").count == 3)
      expectFailure(try kaji("corpus", "export", "sample", "--to", "/dev/full"), "No space left")
      #expect(try !FileStatus("/dev/full").isDirectory && Files.size("/dev/full") == 0)
      expectFailure(try kaji("corpus", "export", "sample", "--to", "corpora"), "corpora")
      expectFailure(try kaji("corpus", "export", "sample", "--to", "none/x"), "none/x")
      expectFailure(
        try kaji("corpus", "export", "sample", "--to", "-", "--json"), status: 2, "--json")
    }
  }

  @Test func `standard input is imported as a file is`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      _ = try kaji("init")
      let lines = "{\"text\": \"朝\"}\nnot json\n{\"text\": \"\\ud83d 夜\"}\n"
      let options = ["--subset", "s", "--language", "ja", "--level", "L1"]
      func imported(_ words: [String], _ input: [UInt8]) throws -> Kaji.Outcome {
        try kaji.run(["corpus", "import"] + words + options, input: input)
      }
      let first = try imported(["c", "-", "--json"], Array(lines.utf8))
      #expect(try first.json()["documents"]?.int == 2)
      #expect(try first.json()["malformed"]?.int == 1)
      #expect(try first.json()["repaired"]?.int == 1)
      #expect(first.error.contains("standard input:2: skipped"), "\(first.error)")
      #expect(first.error.contains("standard input:3: repaired: half"), "\(first.error)")
      let manifest = try Files.readText(folder / "corpora/c/v0001/corpus.yaml")
      #expect(manifest.contains("standard input"))
      #expect(
        try imported(["c", "-", "--json"], Array(lines.utf8)).json()["unchanged"]?.bool == true)

      // Beside a file, as one text, and as something cut short.
      try Files.write("{\"text\": \"昼\"}\n", to: folder / "a.jsonl")
      let both = try imported(["d", "a.jsonl", "-", "--json"], Array("{\"text\": \"夕\"}".utf8))
      #expect(try both.json()["documents"]?.int == 2)
      let text = try imported(["e", "-", "--format", "text", "--json"], Array("一行\n二行\n".utf8))
      #expect(try text.json()["documents"]?.int == 1)
      let cut: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B]
      expectFailure(try imported(["f", "-"], cut), "standard input")
      expectFailure(try imported(["f", "-", "-"], []), status: 2, "twice")
      let list = try kaji.json("corpus", "list").array?.compactMap { $0["name"]?.string }
      #expect(list == ["c", "d", "e"])
    }
  }

  @Test func `duplicates go, known files are left out, bad lines are counted`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      _ = try kaji("init")
      let lines =
        "{\"text\": \"同じ\"}\n{\"text\": \"同じ\"}\n{\"text\": 3}\nnot json\n{\"text\": \"別\"}"
      try Files.write(lines, to: folder / "a.jsonl")
      let options = ["--subset", "s", "--language", "ja", "--level", "L1", "--json"]
      let first = try kaji.run(["corpus", "import", "c", "a.jsonl"] + options)
      #expect(try first.json()["documents"]?.int == 3)
      #expect(try first.json()["malformed"]?.int == 2)
      #expect(first.error.contains("a.jsonl:3") && first.error.contains("a.jsonl:4"))
      let again = try kaji.run(["corpus", "import", "c", "a.jsonl"] + options)
      #expect(try again.json()["unchanged"]?.bool == true)
      let dedup = try kaji.json("corpus", "dedup", "c")
      #expect(dedup["kept"]?.int == 2)
      #expect(dedup["removed"]?["s"]?.int == 1)
      let states = try kaji.json("exp", "list").array ?? []
      #expect(
        states.allSatisfy { $0["kind"]?.string == "corpus" && $0["state"]?.string == "finished" })
    }
  }
}
