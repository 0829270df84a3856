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
    let trees = try Self.seeds.map { try JSON.parse($0) }
    var random = SeededGenerator(11)
    let end = monotonicSeconds() + Fuzzer.defaultSeconds / 2
    var tried = 0
    var accepted = 0
    while tried < 200 || monotonicSeconds() < end {
      var tree = trees[tried % trees.count]
      for _ in 0...Int.random(in: 0...1, using: &random) { damage(&tree, &random) }
      let bytes = Array(tree.text().utf8)
      #expect(Self.read(bytes), "JSON that we wrote is JSON")
      if (try? EvaluationTask(bytes, file: "f", name: "n", filing: .init())) != nil {
        accepted += 1
      }
      _ = try? Rescoring(bytes, file: "f", metric: .charF1)
      _ = try? ScoreRow(tree, at: "f:1")
      _ = try? SampleRow(tree, at: "f:1")
      tried += 1
    }
    #expect(accepted > 0 && accepted < tried)
  }

  /// Replaces, removes or doubles a value somewhere in the tree.
  private func damage(_ tree: inout JSON, _ random: inout SeededGenerator) {
    let goesDeeper = Int.random(in: 0..<4, using: &random) > 0
    switch tree {
    case .object(var object) where goesDeeper && object.count > 0:
      let key = object.keys[Int.random(in: 0..<object.count, using: &random)]
      var value = object[key] ?? .null
      damage(&value, &random)
      object[key] = Int.random(in: 0..<8, using: &random) == 0 ? nil : value
      tree = .object(object)
    case .array(var array) where goesDeeper && !array.isEmpty:
      let index = Int.random(in: array.indices, using: &random)
      damage(&array[index], &random)
      if Int.random(in: 0..<8, using: &random) == 0 { array.append(array[index]) }
      tree = .array(array)
    default:
      let values: [JSON] = [
        .null, true, -1, 0, 65_537, 1e300, .integer(.max), .integer(.min), "", "pearson", "\u{0}",
        "\n\n", "e\u{301}", [], [[]], ["exact_match", "set_f1"], .object([]),
      ]
      tree = values[Int.random(in: values.indices, using: &random)]
    }
  }
}
