import Base
import TestSupport
import Testing

@testable import Evaluation

/// Damaged files are read or refused; nothing traps.
struct TaskFuzzTests {
  private static let seeds = [
    TaskReadingTests.file, TaskReadingTests.file.replacing("exact_match", with: "chrf"),
    TaskReadingTests.file.replacing("\"exact_match\"", with: "\"bleu_ja\", \"char_f1\""),
  ].map { Array($0.utf8) }

  /// Reads a file and whatever is computed of it; returns whether it got past the JSON.
  private static func read(_ bytes: [UInt8]) -> Bool {
    do {
      let task = try EvaluationTask(bytes, file: "f", name: "n", filing: .init())
      _ = (task.hash, task.chance, task.limited(to: 1))
      return true
    } catch {
      return !error.problem.contains("invalid JSON")
    }
  }

  @Test func damagedBytes() {
    var fuzzer = Fuzzer(
      seeds: Self.seeds,
      words: ["\"samples\":", "\"input\":", "null,", "\"\\ud83d\"", "[[[[", "{}", "-0", ",", "\""])
    fuzzer.run(seconds: Fuzzer.defaultSeconds / 2, share: 0.02, Self.read)
  }

  /// Files whose JSON is sound and whose values are not what they should be.
  @Test func damagedValues() throws {
    var fuzzer = JSONFuzzer(
      seeds: try Self.seeds.map { try JSON.parse($0) },
      values: ["pearson", ["exact_match", "set_f1"]], seed: 11)
    var accepted = 0
    var refused = 0
    fuzzer.run(seconds: Fuzzer.defaultSeconds / 2, share: 1) { tree in
      let bytes = Array(tree.text().utf8)
      if (try? EvaluationTask(bytes, file: "f", name: "n", filing: .init())) != nil {
        accepted += 1
      } else {
        refused += 1
      }
      _ = try? Rescoring(bytes, file: "f", metric: .charF1)
      _ = try? ScoreRow(tree, at: "f:1")
      _ = try? SampleRow(tree, at: "f:1")
      return Self.read(bytes)
    }
    #expect(accepted > 0 && refused > 0)
  }
}
