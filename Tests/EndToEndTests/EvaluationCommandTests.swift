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

  @Test func `answers on file are scored again without a workspace`() throws {
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      let lines = """
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
