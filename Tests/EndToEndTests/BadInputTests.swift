import Base
import TestSupport
import Testing

@Suite("Bad input") struct BadInputTests {
  private static let configuration = """
    steps: 12
    batch_size: 2
    sequence_length: 16
    model:
      hidden_size: 16
    tokenizer: t
    data:
      corpus: c
    optimiser:
      learning_rate: 0.01
    """

  @Test func `one line, the right status, the workspace unharmed`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      _ = try kaji("init")
      try Files.write("", to: folder / "empty")
      try Files.write("a\n", to: folder / "plain.txt")
      try Files.makeDirectory(folder / "dir")
      // The head of a gzip stream, and nothing behind it.
      try Files.write([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B], to: folder / "cut.jsonl.gz")
      try Files.write(Self.configuration, to: folder / "c.yaml")
      try Files.write("steps: [", to: folder / "broken.yaml")
      let kind = ["--subset", "s", "--language", "ja", "--level", "L1"]

      expectFailure(
        try kaji.run(["corpus", "import", "c", "missing.jsonl"] + kind), "missing.jsonl")
      expectFailure(try kaji.run(["corpus", "import", "../c", "plain.txt"] + kind), "../c")
      #expect(try kaji.json("exp", "list") == [])
      expectFailure(try kaji.run(["corpus", "import", "c", "cut.jsonl.gz"] + kind), "cut.jsonl.gz")
      #expect(try kaji.json("corpus", "list") == [])
      #expect(try kaji.json("exp", "list")[0]?["state"]?.string == "failed")
      expectFailure(try kaji("corpus", "import", "c", "--manifest", "empty"), "empty")
      expectFailure(try kaji("corpus", "stats", "c"), "no corpus c")
      expectFailure(try kaji("corpus", "show", "c", "v1:1"), "v1:1")
      expectFailure(try kaji("corpus", "show", "c", "v99999999999999999999:1:1"))
      expectFailure(try kaji("corpus", "search", "c", "\"\""))

      expectFailure(try kaji("train", "c.yaml"), "c.yaml:9", "Did you mean 'optimizer'")
      expectFailure(try kaji("train", "broken.yaml"), "broken.yaml")
      expectFailure(try kaji("train", "dir"), "dir")
      expectFailure(try kaji("train", "empty"), "steps")
      expectFailure(try kaji("train", "c.yaml", "--set", "steps"), "KEY=VALUE")
      expectFailure(try kaji("train", "c.yaml", "--set", "steps=0"), "--set steps=0: steps is 0")
      expectFailure(
        try kaji("train", "c.yaml", "--set", "data.corpse=x"),
        "--set data.corpse=x: unknown key 'data.corpse'")
      expectFailure(try kaji("train", "c.yaml", "--inject", "x@1"))
      expectFailure(try kaji("train", "--resume", "7"), "no experiment 7")
      expectFailure(try kaji("tune", "sft", "c.yaml"))

      for words in [["score", "dir"], ["generate", "dir", "--prompt", "x"], ["eval", "dir"]] {
        expectFailure(try kaji.run(words), "dir")
      }
      expectFailure(try kaji("score", "3@99999999999999999999"))
      expectFailure(try kaji("score", "none"), "no model 'none'")
      expectFailure(try kaji("score", "x.gguf"), "GGUF")
      expectFailure(try kaji("eval", "dir", "--suite", "none"), "suite")
      expectFailure(try kaji("eval", "rescore", "empty", "--metric", "exact_match"), "no samples")
      expectFailure(try kaji("eval", "rescore", "empty", "--metric", "exactmatch"), "exactmatch")
      expectFailure(try kaji("tokenizer", "encode", "plain.txt"), "plain.txt")
      expectFailure(try kaji("tokenizer", "info", "none"), "no tokenizer none")
      expectFailure(
        try kaji("tokenizer", "train", "--input", "empty", "--vocab", "300", "--out", "t"),
        "no text")
      expectFailure(
        try kaji(
          "tokenizer", "train", "--input", "plain.txt", "--vocab", "300", "--out", "dir/../c.yaml"))
      expectFailure(try kaji("exp", "new", "a/b"), "slug")
      expectFailure(try kaji("exp", "new", "a", "--number", "9223372036854775807"), "from 1 to")
      // A number that some other program left there.
      try Files.makeDirectory(folder / "experiments/.numbers/9223372036854775807")
      #expect(try kaji("exp", "new", "a").status == 0)
      expectFailure(try kaji("exp", "list", "--workspace", "dir"), "no workspace")
      expectFailure(try kaji("init", "plain.txt"), "plain.txt")
      try Files.write("threads: many\n", to: folder / "kaji.yaml")
      expectFailure(try kaji("exp", "new", "a"), "threads")
      try Files.write("- 1\n", to: folder / "kaji.yaml")
      expectFailure(try kaji("exp", "list"), "kaji.yaml")
    }
  }

  @Test func `standard output that is full, closed or gone`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      let full = try kaji("--help", redirecting: ">/dev/full")
      expectFailure(full, "No space left")
      #expect(try kaji("--help", redirecting: ">&-").status == 0)
      #expect(try kaji("init", redirecting: ">&- 2>&-").status == 0)
      #expect(Files.exists(folder / "kaji.yaml"))
      #expect(try kaji("--help", redirecting: "| head -c 1 >/dev/null").status == 0)
      #expect(try kaji("exp", "list", "--json", redirecting: "<&-").status == 0)
    }
  }
}
