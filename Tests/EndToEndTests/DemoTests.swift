import Base
import Lab
import TestSupport
import Testing

/// The whole life through the program, as the README offers it.
@Suite("demo") struct DemoTests {
  @Test(
    "is killed, goes on, finds its spike, says what is so, and keeps out what must not be trained on"
  )
  func wholeLife() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      let preset = wantsLongChecks ? "full" : "minute"
      let life = folder / "life"
      try kill(folder, preset) { Files.exists(life / "corpora/sample/.v0001.tmp") }
      try kill(folder, preset) { hasCheckpoint(life / "experiments") }
      let before = try #require(try JSON.read(life / "demo.json")["seconds"]?.double)
      #expect(before > 0, "the work of sittings that were killed counts")
      let summary = try kaji.json("demo", "life", "--headless", "--preset", preset)
      try checkShape(summary)
      #expect(try #require(summary["seconds"]?.double) > before)
      #expect(summary["spikes"] == 1, "the bad batch is found, and nothing else")
      // A second call has nothing left to do.
      #expect(try kaji.json("demo", "life", "--headless", "--preset", preset) == summary)

      let claims = DemoClaims(summary: summary, workspace: try Workspace.open(life))
      try claims.checkLosses()
      _ = try kaji.json("reindex", "--workspace", "life")
      try claims.checkCanaries()
      try claims.checkBounds(full: wantsLongChecks)
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
}
