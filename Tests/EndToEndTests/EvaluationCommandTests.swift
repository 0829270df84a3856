import Base
import TestSupport
import Testing

@Suite("Evaluation commands") struct EvaluationCommandTests {
  @Test func `the sample suite comes with the program`() throws {
    try withTemporaryFolder { folder in
      let list = try Kaji(folder: folder).json("eval", "list")
      let categories = list["tasks"]?.array?.compactMap { $0["category"]?.string } ?? []
      #expect(Set(categories) == ["EL", "FA", "HE", "MC", "MR", "MT", "NLI", "QA", "RC"])
      #expect(list["tasks"]?.array?.allSatisfy { ($0["samples"]?.int ?? 0) >= 50 } == true)
    }
  }

  @Test func `an evaluation that was killed goes on under its number`() throws {
    try withTemporaryFolder { folder in
      let kaji = try LifeTests.workspace(folder)
      _ = try kaji.json(
        "train", "tiny.yaml", "--number", "20", "--set", "steps=2", "batch_size=1",
        "sequence_length=512", "checkpoint.every=0", "validation.every=0")
      let total = 300
      let samples = (0..<total).map { #"{"input": "\#($0)", "output": "\#($0)"}"# }
      let task =
        #"{"instruction": "写せ", "output_length": 48, "metrics": ["char_f1"], "few_shots": []"#
      try Files.makeDirectory(folder / "suite")
      try Files.write(
        task + #", "samples": ["# + samples.joined(separator: ",") + "]}",
        to: folder / "suite/copy.json")
      let words = ["eval", "20", "--suite", (folder / "suite").string, "--shots", "0", "--json"]

      let pid = try Subprocess.detach(
        [Kaji.program.string] + words + ["--workspace", folder.string], output: folder / "log")
      let answers = folder / "experiments/0021_eval-0020-2/answers"
      let deadline = monotonicSeconds() + 120
      while monotonicSeconds() < deadline, lines(answers / "answers-0001.jsonl") == 0 {
        sleep(seconds: 0.002)
      }
      killAndWait(pid)
      let known = lines(answers / "answers-0001.jsonl")
      let told = try Files.readText(folder / "log")
      try #require(known > 0 && known < total, "\(known): \(told)")
      let before = try kaji.json("exp", "list").array ?? []
      #expect(before.last?["number"]?.int == 21)
      #expect(before.last?["state"]?.string != "finished")

      let resumed = try kaji.run(words).json()
      #expect(resumed["experiment"]?.int == 21)
      #expect(lines(answers / "answers-0001.jsonl") == known, "what was answered stays")
      #expect(lines(answers / "answers-0002.jsonl") == total - known, "and is not asked again")
      let after = try kaji.json("exp", "list").array ?? []
      #expect(after.count == before.count && after.last?["state"]?.string == "finished")
      // One that nobody disturbed comes to the same, under the next number.
      let whole = try kaji.run(words).json()
      #expect(whole["experiment"]?.int == 22)
      #expect(whole["results"] == resumed["results"])
      #expect(resumed["results"]?[0]?["n"]?.int == total)
    }
  }

  /// The whole lines of a file; 0 without one.
  private func lines(_ path: Path) -> Int {
    ((try? Files.read(path)) ?? []).count { $0 == UInt8(ascii: "\n") }
  }

  @Test func `answers on file are scored again without a workspace`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      let lines = """
        {"type": "result", "task": "a", "metric": "exact_match", "value": 0.5}
        {"task": "a", "output": "はい", "expected": "はい"}
        {"task": "a", "output": "いいえ", "expected": "はい"}
        {"task": "b", "output": "はい", "expected": "はい"}
        """
      try Files.write(lines, to: folder / "s.jsonl")
      let all = try kaji.json("eval", "rescore", "s.jsonl", "--metric", "exact_match")
      #expect(all["n"]?.int == 3)
      #expect(abs((all["value"]?.double ?? 0) - 2.0 / 3) < 1e-12)
      let one = try kaji.json(
        "eval", "rescore", "-", "--metric", "exact_match", "--task", "b", input: lines)
      #expect(one["value"]?.double == 1)
      try Files.write("{\"output\": 3}\n", to: folder / "bad.jsonl")
      expectFailure(
        try kaji("eval", "rescore", "bad.jsonl", "--metric", "exact_match"), "bad.jsonl:1")
      expectFailure(
        try kaji("eval", "rescore", "s.jsonl", "--metric", "comet_wmt22"), "neural model")
    }
  }
}
