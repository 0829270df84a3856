import Base
import TestSupport
import Testing

@Suite("Usage") struct UsageTests {
  @Test func `global options stand before or after the command`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      #expect(try kaji.json("init", "w")["created"]?.bool == true)
      #expect(try kaji.json("init", "w")["created"]?.bool == false)
      for words in [
        ["--workspace", "w", "--json", "exp", "list"], ["exp", "list", "--json", "--workspace=w"],
        ["exp", "--workspace", "w", "list", "--json"],
      ] {
        let outcome = try kaji.run(words)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(try outcome.json() == [])
        #expect(outcome.error.isEmpty)
      }
      // Found upward from the current folder.
      #expect(try Kaji(folder: folder / "w" / "corpora").json("corpus", "list") == [])
    }
  }

  @Test func `help and version need nothing`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      #expect(try kaji("--version").output == "kaji \(kajiVersion)\n")
      #expect(try kaji("--help").output.contains("kaji corpus import NAME PATH..."))
      #expect(try kaji("corpus", "--help").output.contains("kaji corpus search"))
      #expect(try !kaji("corpus", "--help").output.contains("kaji train"))
      #expect(try kaji("help", "corpus").output == kaji("corpus", "--help").output)
      #expect(try kaji("train", "--help").output.contains("--inject KIND@STEP"))
      let doctor = try kaji.json("doctor")
      let names = doctor["findings"]?.array?.compactMap { $0["name"]?.string } ?? []
      for name in [
        "glibc", "SQLite", "zlib", "zstd", "libyaml", "utf8proc", "ncurses", "kernels", "cpu",
      ] {
        #expect(names.contains(name))
      }
      #expect(doctor["missing"]?.int == 0)
      #expect(try kaji.json("--version")["commit"] == doctor["commit"])
      #expect(doctor["commit"]?.string?.isEmpty == false)
      for finding in doctor["findings"]?.array ?? [] where finding["verdict"]?.string != "good" {
        #expect(finding["cure"]?.string?.isEmpty == false, "\(finding.text())")
      }
    }
  }

  @Test func `the doctor looks on where the settings are wrong`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      _ = try kaji("init")
      try Files.write("threads: many\n", to: folder / "kaji.yaml")
      let doctor = try kaji.json("doctor")
      let findings = doctor["findings"]?.array ?? []
      let wrong = findings.filter { $0["group"]?.string == "workspace" }
      #expect(wrong.count == 1 && wrong[0]["verdict"]?.string == "warning")
      #expect(wrong.first?["value"]?.string?.contains("threads") == true)
      #expect(findings.contains { $0["name"]?.string == "SQLite" })
      #expect(doctor["workspace"]?.isNull == true)
      expectFailure(try kaji("doctor", "--workspace", "none"), "no workspace")
      // What this version does not compute with is nothing to be warned of.
      let unused = findings.filter { ["opencl", "cuda"].contains($0["name"]?.string) }
      #expect(unused.count == 2 && unused.allSatisfy { $0["verdict"]?.string == "good" })
    }
  }

  @Test(arguments: [
    (["frobnicate"], "unknown command"), (["corpus", "filter", "x"], "unknown command"),
    (["convert", "a"], "1 argument"), (["exp", "list", "extra"], "1 argument"),
    (["exp", "list", "--sed", "1"], "unknown option"), (["score"], "0 arguments"),
    (["exp", "list", "--threads", "0"], "--threads is '0'"),
    (["exp", "list", "--threads", "1000000"], "--threads is '1000000'"),
    (["exp", "list", "--device", "fpga"], "--device is 'fpga'"),
    (["exp", "list", "--device", "cuda:x"], "--device is 'cuda:x'"),
    (["demo", "--preset", "hour"], "full, minute"),
    (["runs", "lr", "1", "1e39"], "learning rate"),
    (["exp", "list", "--threads", "99999999999999999999"], "--threads"), (["--", "x"], "unknown"),
    (["generate", "m"], "--prompt is missing"),
    (["corpus", "import", "n", "f", "--subset", "s", "--language", "ja", "--level", "L9"], "L9"),
    (["runs", "show", "x"], "no experiment's number"),
    (["runs", "lr", "1", "nan"], "learning rate"),
    (["chat", "m"], "--plain"), (["train"], "CONFIG"),
    (["generate", "m", "--prompt", "x", "--greedy", "--top-k", "3"], "--top-k"),
    (["tokenizer", "train", "--out", "d", "--vocab", "9"], "--input"),
  ])
  func `a wrong command line exits 2`(words: [String], part: String) throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      _ = try kaji("init")
      let outcome = try kaji.run(words)
      expectFailure(outcome, status: 2, part)
    }
  }

  @Test func `the workbench needs a terminal, and says so`() throws {
    try withTemporaryFolder { folder in
      expectFailure(try Kaji(folder: folder)(), status: 2, "terminal", "--help")
    }
  }

  @Test func `a numbered experiment, its notes, the index`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      _ = try kaji("init")
      let made = try kaji.json("exp", "new", "first", "--number", "12", "--kind", "pretrain")
      #expect(made["number"]?.int == 12)
      #expect(made["folder"]?.string == "experiments/0012_first")
      expectFailure(try kaji("exp", "new", "again", "--number", "12"), "taken")
      #expect(try kaji.json("exp", "new", "second")["number"]?.int == 13)
      #expect(try kaji.json("exp", "note", "12", "朝", "の記録")["notes"]?.int == 1)
      let shown = try kaji.json("exp", "show", "12")
      #expect(shown["notes"]?[0]?["text"]?.string == "朝 の記録")
      let list = try kaji.json("exp", "list")
      #expect(list.array?.map { $0["number"]?.int } == [12, 13])
      #expect(list[0]?["state"]?.string == "created")
      try Files.remove(folder / "kaji.db")
      #expect(try kaji.json("reindex")["experiments"]?.int == 2)
      #expect(try kaji.json("exp", "list") == list)
      expectFailure(try kaji("runs", "stop", "12"), "not running")
      expectFailure(try kaji("runs", "show", "12"), "no run")
      expectFailure(try kaji("runs", "show", "99"), "no experiment 99")
      #expect(try kaji("runs", "watch", "12", "--patience", "0").status == 1)
      expectFailure(try kaji("train", "--resume", "13"), "study")
    }
  }
}
