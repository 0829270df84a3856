import Base
import Corpus
import Lab
import TestSupport
import Testing
import Tokenizers

/// The whole life through the program, as the README offers it.
@Suite("demo") struct DemoTests {
  /// Words that occur in the canary documents (LX and LZ) alone.
  private static let canaries = ["グヅメリポ", "ヌャボセド"]

  @Test("is killed, goes on, finds its spike, and keeps what must not be trained on out")
  func wholeLife() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      let preset = wantsLongChecks ? "full" : "minute"
      let life = folder / "life"
      try kill(folder, preset) { Files.exists(life / "corpora/sample/.v0001.tmp") }
      try kill(folder, preset) { hasCheckpoint(life / "experiments") }
      let summary = try kaji.json("demo", "life", "--headless", "--preset", preset)
      try checkShape(summary)
      #expect(summary["spikes"] == 1, "the bad batch is found, and nothing else")
      // A second call has nothing left to do.
      #expect(try kaji.json("demo", "life", "--headless", "--preset", preset) == summary)

      let workspace = try Workspace.open(folder / "life")
      try checkCanaries(workspace)
      try checkScores(summary, full: wantsLongChecks)
      let tuned = try #require(summary["checkpoints"]?[1]?.string)
      let answer = try kaji.json(
        "generate", "life/" + tuned, "--prompt", "霧坂の名物は何ですか。", "--chat", "--greedy")
      let text = try #require(answer["text"]?.string)
      #expect(text.unicodeScalars.contains { (0x3041...0x30FF).contains($0.value) }, "\(text)")
    }
  }

  /// Starts the demo and kills it when it has come so far.
  private func kill(_ folder: Path, _ preset: String, once isFar: () -> Bool) throws {
    let log = folder / "killed.log"
    let pid = try Subprocess.detach(
      [
        Kaji.program.string, "demo", (folder / "life").string, "--headless", "--preset", preset,
      ], output: log)
    let deadline = monotonicSeconds() + 600
    while monotonicSeconds() < deadline, !isFar() { sleep(seconds: 0.01) }
    let told = try Files.readText(log)
    #expect(isFar(), "\(told)")
    killAndWait(pid)
  }

  private func hasCheckpoint(_ experiments: Path) -> Bool {
    let folders = (try? Files.list(experiments)) ?? []
    return folders.contains { name in
      let found = (try? Files.list(experiments / name / "checkpoints")) ?? []
      return found.contains { $0.hasPrefix("step-") }
    }
  }

  private func checkShape(_ summary: JSON) throws {
    for key in [
      "validation_loss", "unigram_loss", "bigram_loss", "spikes", "seconds", "updates",
      "parameters", "context",
    ] {
      #expect(summary[key]?.double != nil, "\(key)")
    }
    #expect(summary["experiments"] == [1, 2, 3, 4, 5, 6, 7], "each stage went on under its number")
    #expect(summary["checkpoints"]?.array?.count == 2)
    let scores = try #require(summary["scores"]?.object)
    #expect(Set(scores.keys) == ["EL", "FA", "HE", "MC", "MR", "MT", "NLI", "QA", "RC"])
    for (_, score) in scores {
      for part in ["base", "tuned", "chance"] {
        let value = try #require(score[part]?.double)
        #expect((0...1).contains(value))
      }
    }
  }

  /// What the full demo must reach; the short one only has to learn something.
  private func checkScores(_ summary: JSON, full: Bool) throws {
    let loss = try #require(summary["validation_loss"]?.double)
    let bigram = try #require(summary["bigram_loss"]?.double)
    let unigram = try #require(summary["unigram_loss"]?.double)
    #expect(loss < unigram)
    guard full else { return }
    #expect(loss <= 0.95 * bigram)
    let scores = try #require(summary["scores"]?.object)
    let better = scores.count { ($0.value["tuned"]?.double ?? 0) > ($0.value["base"]?.double ?? 1) }
    #expect(better >= 6)
  }

  /// Neither the vocabulary nor any training shard knows the words of LX and LZ documents.
  private func checkCanaries(_ workspace: Workspace) throws {
    let tokenizers = VersionStore.tokenizers(of: workspace.root)
    let found = try tokenizers.resolve("sample")
    let folder = tokenizers.path(of: found.name, version: found.version)
    let vocabulary = try Files.readText(folder / "tokenizer.vocab")
    let tokenizer = try Tokenizer.load(folder)
    let version = try CorpusVersion("sample", workspace: workspace.root)
    let name = try #require(try version.tokenizations().first)
    let shards = try TokenShards(version.folder / "shards" / name)
    var trained = ""
    for shard in shards.train {
      for document in 0..<shard.documents {
        #expect(shard.level(document).allows(.train))
        trained += tokenizer.decode(shard.document(document)) + "\n"
      }
    }
    #expect(trained.contains("霧坂"))
    for word in Self.canaries {
      for part in [word, String(word.prefix(3)), String(word.suffix(3))] {
        #expect(!vocabulary.contains(part), "\(part) is in the vocabulary")
      }
      #expect(!trained.contains(word), "\(word) is in the shards")
    }
  }
}
