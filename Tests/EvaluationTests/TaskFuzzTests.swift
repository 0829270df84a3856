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

  /// Files whose values are not what they should be: anywhere, or in every other only in the examples; every
  /// eighth is damaged as text, too.
  @Test func damagedFiles() throws {
    var fuzzer = JSONFuzzer(
      seeds: try Self.seeds.map { try JSON.parse($0) },
      values: [
        "pearson", "entailment", ["exact_match", "set_f1"], [["input": "", "output": "1"]],
      ],
      seed: 11)
    var round: UInt64 = 0
    var accepted = 0
    var refused = 0
    fuzzer.run { tree in
      round += 1
      let tree = round % 2 == 0 ? tree : Self.mended(tree)
      var bytes = Array(tree.text().utf8)
      if round % 8 == 0 {
        var other = Fuzzer(
          seeds: [bytes], words: ["\"\\ud83d\"", "null,", "[[[[", "-0"], seed: round)
        bytes = other.next()
      }
      _ = try? Rescoring(bytes, file: "f", metric: .charF1)
      _ = try? MetricResult(tree, at: "f:1")
      _ = try? SampleResult(tree, at: "f:1")
      do throws(Failure) {
        let task = try EvaluationTask(bytes, file: "f", name: "n", filing: .init())
        _ = (task.hash, task.chance, task.limited(to: 1))
        accepted += 1
        return true
      } catch {
        refused += 1
        // It got far if the examples were reached: instruction, length and metrics come before them.
        return ["few_shots", "samples"].contains { error.problem.contains($0) }
      }
    }
    #expect(accepted > 0 && refused > 0)
  }

  /// The same with what stands before the examples made sound.
  private static func mended(_ tree: JSON) -> JSON {
    guard case .object(var object) = tree else { return tree }
    object["instruction"] = "答えよ。"
    object["output_length"] = 3
    object["metrics"] = ["exact_match"]
    return .object(object)
  }
}
