import Base
import Formats
import TestSupport
import Testing

/// A life in small: files, corpus, tokenizer, a model of some thousand parameters, its scores.
@Suite("A tiny life") struct LifeTests {
  private static let words = ["山", "川", "海", "森", "町", "村", "道", "橋", "島", "港"]

  private static let configuration = """
    steps: 12
    batch_size: 2
    sequence_length: 32
    model: {hidden_size: 16, intermediate_size: 32, num_hidden_layers: 1, num_attention_heads: 2,
      num_key_value_heads: 1}
    tokenizer: tiny
    data: {corpus: tiny}
    optimizer: {learning_rate: 0.01}
    checkpoint: {every: 4, keep: 2}
    validation: {every: 6}
    """

  /// A workspace with a corpus, a tokenizer and a configuration.
  static func workspace(_ folder: Path) throws -> Kaji {
    let kaji = Kaji(folder: folder)
    _ = try kaji("init")
    let random = CounterRandom(seed: 1, purpose: 1)
    func line(_ number: Int) -> String {
      let text = (0..<30).map { words[Int(random.bits(UInt64(100 * number + $0)) % 10)] + "と" }
      return JSON.object([("text", JSON(text.joined() + "。\n"))]).text() + "\n"
    }
    try Files.write((0..<60).map(line).joined(), to: folder / "train.jsonl")
    try Files.write((60..<64).map(line).joined(), to: folder / "held.jsonl")
    for (file, subset, level) in [("train", "made", "L1"), ("held", "heldout", "LX")] {
      _ = try kaji.json(
        "corpus", "import", "tiny", "\(file).jsonl", "--subset", subset, "--language", "ja",
        "--level", level)
    }
    let trained = try kaji.json(
      "tokenizer", "train", "--corpus", "tiny", "--vocab", "300", "--name", "tiny")
    #expect(trained["tokenizer"]?.string == "tiny@v0003")
    try Files.write(configuration, to: folder / "tiny.yaml")
    return kaji
  }

  @Test func `from files to a model that is asked`() throws {
    try withTemporaryFolder { folder in
      let kaji = try Self.workspace(folder)
      let dry = try kaji.json("train", "tiny.yaml", "--dry-run", "--set", "steps=9")
      #expect(dry["config"]?["steps"]?.int == 9)
      #expect(dry["config"]?["tokenizer"]?.string == "tiny@v0003")
      #expect(dry["config"]?["data"]?["corpus"]?.string == "tiny@v0002")

      #expect(dry["tokens"]?.int == 9 * 64 && dry["checkpoints"]?.int == 3)
      #expect(dry["disk_bytes"]?.int == 3 * 12 * (dry["parameters"]?.int ?? 0))
      #expect(dry["memory_bytes"]?.int ?? 0 > 16 * (dry["parameters"]?.int ?? .max))
      #expect(dry["seconds"]?.double ?? 0 > 0 && dry["free_bytes"]?.int ?? 0 > 0)

      let run = try kaji.json("train", "tiny.yaml", "--number", "20")
      #expect(run["experiment"]?.int == 20)
      #expect(run["state"]?.string == "finished")
      #expect(run["step"]?.int == 12)
      #expect(run["checkpoint"]?.string == "experiments/0020_tiny/checkpoints/step-00000012")
      let again = try kaji("train", "--resume", "20", "--json")
      #expect(again.status == 0)
      #expect(again.error.contains("finished"))
      #expect(try again.json()["step"]?.int == 12)

      let shown = try kaji.json("runs", "show", "20")
      #expect(shown["state"]?.string == "finished")
      #expect(shown["config"]?["steps"]?.int == 12)
      for metric in [
        "loss", "gradient_norm", "learning_rate", "tokens_per_second", "tokens",
      ] {
        #expect(shown["metrics"]?[metric]?["count"]?.int == 12, "\(metric)")
        #expect(shown["metrics"]?[metric]?["non_finite"]?.int == 0, "\(metric)")
      }
      #expect(shown["metrics"]?["validation_loss"]?["count"]?.int == 2)
      #expect(shown["metrics"]?["loss"]?["last"]?.double == run["loss"]?.double)
      let kinds = shown["events"]?.array?.compactMap { $0["kind"]?.string } ?? []
      #expect(kinds.first == "start" && kinds.last == "end")
      #expect(kinds.count { $0 == "checkpoint" } == 3)
      let list = try kaji.json("runs", "list")
      #expect(list[0]?["experiment"]?.int == 20)
      #expect(list[0]?["spikes"]?.int == 0)
      #expect(try kaji("runs", "watch", "20", "--quiet").status == 0)
      let rows = try kaji("runs", "export", "20", "--to", "-").output.split(separator: "\n")
      #expect(rows.count == 13)
      #expect(rows[0].hasPrefix("step,seconds,loss"))
      let exported = try JSON.parse(
        try kaji("runs", "export", "20", "--format", "json", "--to", "-").output)
      #expect(exported["metrics"]?["loss"]?["values"]?.array?.count == 12)
      #expect(exported["metrics"]?["loss"]?["steps"] == .integers(1...12))
      let picture = try kaji("runs", "export", "20", "--format", "svg", "--to", "-").output
      #expect(picture.hasPrefix("<svg") && picture.contains("validation_loss"))
      let again20 = try kaji.json("train", "tiny.yaml", "--set", "steps=8", "--number", "21")
      #expect(again20["experiment"] == 21)
      let difference = try kaji.json("exp", "diff", "20", "21")
      #expect(difference["differences"] == [["key": "steps", "a": 12, "b": 8]])
      #expect(try kaji.json("runs", "why", "20")["findings"] == [])
      #expect(try kaji.json("eval", "table")["models"] == [])

      try Self.score(kaji)
      try Self.generate(kaji)
    }
  }

  private static func score(_ kaji: Kaji) throws {
    // The last line has no end; an empty one in between is a line.
    let outcome = try kaji.run(
      ["score", "20", "--json"], input: Array("山と川\n\n".utf8) + [0xFF] + Array("海".utf8))
    #expect(outcome.error.contains("standard input:3: invalid UTF-8"))
    let lines = try outcome.json()["lines"]?.array ?? []
    #expect(lines.count == 3)
    #expect(lines[1]["ids"] == [1])
    #expect(lines[1]["log_likelihood"]?.double == 0)
    #expect(lines[1]["token_log_likelihoods"] == [])
    let encoded = try kaji.json("tokenizer", "encode", "tiny", input: "山と川\n")["lines"]?[0]
    let ids = try #require(encoded?["ids"]?.array)
    #expect(lines[0]["ids"]?.array == [1] + ids)
    #expect(encoded?["pieces"]?.array?.count == ids.count)
    let values = lines[0]["token_log_likelihoods"]?.array?.compactMap(\.double) ?? []
    #expect(values.count == ids.count && values.allSatisfy { $0 < 0 })
    #expect(abs(values.reduce(0, +) - (lines[0]["log_likelihood"]?.double ?? 0)) < 1e-9)
    let decoded = try kaji.json(
      "tokenizer", "decode", "tiny",
      input: ids.compactMap(\.int).map(String.init).joined(separator: " "))
    #expect(decoded["lines"]?[0]?["text"]?.string == "山と川")
    let special = try kaji.json("tokenizer", "encode", "tiny", "--special", input: "山")
    #expect(special["lines"]?[0]?["ids"]?[0] == 1)

    expectFailure(
      try kaji("score", "20", input: "山\n" + String(repeating: "山と", count: 40)),
      "standard input:2", "context of 32")
    expectFailure(try kaji("tokenizer", "decode", "tiny", input: "1\n2 300"), "standard input:2")
    #expect(try kaji.json("score", "20", input: "")["lines"] == [])
  }

  private static func generate(_ kaji: Kaji) throws {
    func generated(_ words: String..., input: String? = nil) throws -> JSON {
      let outcome = try kaji.run(
        ["generate", "20", "--json"] + words, input: input.map { Array($0.utf8) })
      #expect(outcome.status == 0, "\(outcome.error)")
      return try outcome.json()
    }
    let greedy = try generated("--prompt", "山と", "--greedy", "--max-tokens", "6")
    #expect(greedy["ids"]?.array?.count == 6)
    #expect(greedy["stop_reason"]?.string == "length")
    #expect(greedy["text"]?.string != nil)
    #expect((greedy["tokens_per_second"]?.double ?? 0) > 0)
    let piped = try generated("--prompt", "-", "--greedy", "--max-tokens", "6", input: "山と\n")
    #expect(piped["ids"] == greedy["ids"])
    let drawn = try generated(
      "--prompt", "山と", "--seed", "3", "--temperature", "2", "--max-tokens", "6")
    let same = try generated(
      "--prompt", "山と", "--seed", "3", "--temperature", "2", "--max-tokens", "6")
    #expect(drawn["ids"] == same["ids"])
    // The context of 32 ends it, whatever was asked for.
    let long = try generated("--prompt", "山", "--greedy", "--max-tokens", "1000000")
    #expect(["length", "eos"].contains(long["stop_reason"]?.string))
    let plain = try kaji("generate", "20", "--prompt", "山と", "--greedy", "--max-tokens", "6")
    #expect(plain.output == (greedy["text"]?.string ?? "") + "\n")
    expectFailure(
      try kaji("generate", "20", "--prompt", String(repeating: "山と", count: 40)), "context of 32")
    expectFailure(try kaji("generate", "20", "--chat", "--prompt", "山"), "context of 32")
  }

  @Test func `a run is stopped and gone on with`() throws {
    try withTemporaryFolder { folder in
      let kaji = try Self.workspace(folder)
      let detached = try kaji.json(
        "train", "tiny.yaml", "--set", "steps=100000000", "checkpoint.every=0", "--detach")
      let number = String(try #require(detached["experiment"]?.int))
      defer { _ = try? kaji("runs", "stop", number) }
      #expect(detached["state"]?.string == "running")
      // Until it has begun nobody answers.
      var state = ""
      for _ in 0..<100 where state != "running" {
        sleep(seconds: 0.1)
        state = try kaji.json("runs", "list")[0]?["state"]?.string ?? ""
      }
      #expect(state == "running")
      expectFailure(try kaji("train", "--resume", number), "being run by")
      let rate = try kaji.json("runs", "lr", number, "1e-5")
      #expect(rate["answered"]?.bool == true)
      #expect(try kaji.json("runs", "stop", number)["answered"]?.bool == true)
      #expect(try kaji("runs", "watch", number, "--json").status == 75)
      let shown = try kaji.json("runs", "show", number)
      #expect(shown["state"]?.string == "stopped")
      #expect(shown["metrics"]?["learning_rate"]?["last"]?.double == 1e-5)
      let step = try #require(shown["metrics"]?["loss"]?["count"]?.int)
      #expect(shown["events"]?.array?.contains { $0["kind"]?.string == "lr" } == true)
      // SIGTERM saves, too. The signal comes when the run has begun, after 20 s at most.
      let script = """
        cd "$3" || exit
        "$1" train --resume "$2" --json >out &
        tries=0
        while [ $tries -lt 200 ] && ! "$1" runs list --json | grep -q running; do
          tries=$((tries + 1)); sleep 0.1
        done
        sleep 0.3; kill -TERM $!; wait $!
        """
      let (status, _) = try Subprocess.run([
        "/bin/sh", "-c", script, "sh", Kaji.program.string, number, folder.string,
      ])
      #expect(status == 75)
      let report = try JSON.parse(try Files.readText(folder / "out"))
      #expect(report["state"]?.string == "stopped")
      #expect((report["step"]?.int ?? 0) >= step)
    }
  }

  @Test func `a tokenizer without a workspace`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      let text = (0..<200).map { "\(words($0))と\(words($0 * 7))の道\n" }.joined()
      try Files.write(text, to: folder / "a.txt")
      try Files.write("{\"text\": \"海の町\"}\nbad\n", to: folder / "b.jsonl")
      let made = try kaji.run([
        "tokenizer", "train", "--input", "a.txt", "b.jsonl", "--vocab", "300", "--out", "t",
        "--json",
      ])
      #expect(made.error.contains("b.jsonl:2"))
      let size = try #require(try made.json()["vocabulary_size"]?.int)
      let report = try made.json()
      #expect(report["pieces"]?.int == size && (report["peak_bytes"]?.int ?? 0) > 1 << 20)
      let perToken = try #require(report["characters_per_token"]?.double)
      let characters = Double(text.unicodeScalars.count + 3)
      #expect(abs(perToken * Double(report["tokens"]?.int ?? 0) - characters) < 0.5)
      #expect(
        (try kaji.json("bench", "tokenize", "t", "a.txt")["megabytes_per_second"]?.double ?? 0) > 0)
      for name in ["t", "t/tokenizer.model", "t/tokenizer.json"] {
        let info = try kaji.json("tokenizer", "info", name)
        #expect(info["vocabulary_size"]?.int == size)
        #expect(info["special"]?["bos"]?["piece"]?.string == "<s>")
        let lines = try kaji.json("tokenizer", "encode", name, input: "山と道\n海 a\n")["lines"]
        #expect(lines?.array?.count == 2)
        let ids = lines?[1]?["ids"]?.array?.compactMap(\.int).map(String.init) ?? []
        let back = try kaji("tokenizer", "decode", name, input: ids.joined(separator: ","))
        #expect(back.output == "海 a\n")
      }
      expectFailure(
        try kaji("tokenizer", "train", "--input", "a.txt", "--vocab", "300", "--out", "t"),
        "not empty")
      _ = try kaji(
        "tokenizer", "train", "--input", "a.txt", "--vocab", "300", "--out", "short",
        "--max-piece-length", "1", "--control", "<sep>")
      let pieces = try Files.readText(folder / "short/tokenizer.vocab").split(separator: "\n")
        .map { $0.split(separator: "\t")[0] }
      #expect(pieces.contains("<sep>"))
      #expect(pieces.allSatisfy { $0.hasPrefix("<") || $0.unicodeScalars.count <= 2 })
      try Files.write("vocab_size: 300\nsplit_digit: true\n", to: folder / "c.yaml")
      expectFailure(
        try kaji("tokenizer", "train", "--input", "a.txt", "--config", "c.yaml", "--out", "u"),
        "c.yaml:2", "split_digits")
    }
  }

  private func words(_ number: Int) -> String { Self.words[number % Self.words.count] }
}
