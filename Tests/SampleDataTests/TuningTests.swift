import Base
import TestSupport
import Testing

@Suite("Sample pairs and tasks")
struct TuningTests {
  static let categories = ["EL", "FA", "HE", "MC", "MR", "MT", "NLI", "QA", "RC"]

  let data: SampleData

  init() throws { data = try SampleData.shared.get() }

  @Test("instruction pairs: 600 to 2,000, 150 by hand, 60 or more of each category")
  func instructions() throws {
    #expect((600...2000).contains(data.instructions.count))
    #expect(data.instructions.filter { $0["made"]?.string == "hand" }.count >= 150)
    var counts: [String: Int] = [:]
    for pair in data.instructions {
      counts[try #require(pair["category"]?.string), default: 0] += 1
      #expect(pair["instruction"]?.string?.isEmpty == false)
      #expect(pair["output"]?.string?.isEmpty == false)
      #expect(pair["input"]?.string != nil)
    }
    for category in Self.categories { #expect(counts[category, default: 0] >= 60) }
    let asked = data.instructions.map { "\($0["instruction"]!)|\($0["input"]!)" }
    #expect(Set(asked).count == asked.count)
  }

  @Test("preference pairs: 200 or more, whose two answers differ")
  func preferences() {
    #expect(data.preferences.count >= 200)
    for pair in data.preferences {
      #expect(pair["prompt"]?.string?.isEmpty == false)
      #expect(pair["chosen"]?.string?.isEmpty == false)
      #expect(pair["rejected"]?.string?.isEmpty == false)
      #expect(pair["chosen"] != pair["rejected"])
    }
    #expect(
      Set(data.preferences.compactMap { $0["prompt"]?.string }).count == data.preferences.count)
  }

  @Test("safety pairs: 100 or more over the twelve harm types and five risk areas")
  func safety() {
    #expect(data.safety.count >= 100)
    #expect(Set(data.safety.compactMap { $0["harm-type"]?.string }).count == 12)
    #expect(Set(data.safety.compactMap { $0["risk-area"]?.string }).count == 5)
    for pair in data.safety {
      #expect(pair["text"]?.string?.isEmpty == false && pair["output"]?.string?.isEmpty == false)
    }
  }

  @Test("nine tasks, 50 samples or more and 4 few-shots each, labels in balance")
  func tasks() throws {
    #expect(data.taskIndex.compactMap { $0["category"]?.string }.sorted() == Self.categories)
    for (entry, task) in zip(data.taskIndex, data.tasks) {
      let samples = try #require(task["samples"]?.array)
      #expect((60...100).contains(samples.count))
      #expect(task["few_shots"]?.array?.count == 4)
      #expect(task["instruction"]?.string?.isEmpty == false)
      #expect((task["output_length"]?.int ?? 0) > 0)
      let metric = try #require(entry["metric"])
      #expect(task["metrics"]?.array?.contains(metric) == true)
      let outputs = samples.compactMap { $0["output"]?.string }
      #expect(outputs.count == samples.count)
      let commonest = Dictionary(grouping: outputs, by: \.self).values.map(\.count).max() ?? 0
      if let labels = entry["labels"]?.array?.compactMap(\.string) {
        #expect(Set(outputs) == Set(labels))
        #expect(commonest <= samples.count / labels.count + 1)
      } else {
        #expect(commonest * 8 <= samples.count)
      }
    }
  }

  @Test("no input of a task stands in a tuning pair or twice in the tasks")
  func disjoint() {
    var known = Set(data.instructions.compactMap { $0["input"]?.string })
    known.formUnion(data.instructions.compactMap { $0["instruction"]?.string })
    known.formUnion(data.preferences.compactMap { $0["prompt"]?.string })
    known.formUnion(data.safety.compactMap { $0["text"]?.string })
    for task in data.tasks {
      for item in (task["samples"]?.array ?? []) + (task["few_shots"]?.array ?? []) {
        guard let input = item["input"]?.string else { continue }
        #expect(known.insert(input).inserted, "\(input) is known already")
      }
    }
  }

  @Test("a task is asked in the words in which its pairs ask")
  func sameInstruction() {
    for (entry, task) in zip(data.taskIndex, data.tasks) {
      let pairs = data.instructions.filter { $0["category"] == entry["category"] }
      #expect(pairs.allSatisfy { $0["instruction"] == task["instruction"] })
    }
  }

  @Test("a prompt with four shots is short enough for a context of 256 tokens")
  func length() {
    for (entry, task) in zip(data.taskIndex, data.tasks) {
      let shots = task["few_shots"]?.array ?? []
      let longest = (task["samples"]?.array ?? []).compactMap { $0["input"]?.string?.count }.max()
      var characters = (task["instruction"]?.string?.count ?? 0) + (longest ?? 0)
      for shot in shots {
        characters += (shot["input"]?.string?.count ?? 0) + (shot["output"]?.string?.count ?? 0)
      }
      // The header and the marks of five blocks, which become few tokens, are left out.
      #expect(characters <= 330, "\(entry["dataset"]!): \(characters)")
    }
  }

  @Test("the malformed lines are as their list says")
  func malformed() throws {
    let folder = SampleData.folder / "malformed"
    let expected = try #require(JSON.read(folder / "expected.json")["malformed.jsonl"])
    let lines = try Files.read(folder / "malformed.jsonl")
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var seen = 0
    for verdict in ["good", "repairable", "bad", "blank"] {
      for number in try #require(expected[verdict]?.array).compactMap(\.int) {
        let line = Array(lines[number - 1])
        let value = try? JSON.parse(line)
        let isBlank = line.allSatisfy { [0x20, 0x09, 0x0D].contains($0) }
        if verdict != "repairable" {
          #expect((value?["text"]?.string != nil) == (verdict == "good"), "line \(number)")
          #expect(String(validating: line, as: UTF8.self) != nil, "line \(number)")
        }
        #expect(isBlank == (verdict == "blank"), "line \(number)")
        seen += 1
      }
    }
    #expect(seen == lines.count)
  }
}
