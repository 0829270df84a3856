import Base
import TestSupport
import Testing

@testable import Evaluation

struct TaskReadingTests {
  static let file = """
    {"instruction": "関係を回答してください。", "output_length": 3, "metrics": ["exact_match"],
     "few_shots": [{"input": "前提：甲\\n仮説：乙", "output": "neutral"}],
     "samples": [{"input": "前提：丙\\n仮説：丙", "output": "entailment"},
                 {"input": "前提：丁\\n仮説：戊", "output": "neutral"},
                 {"input": "前提：己\\n仮説：庚", "output": "neutral"}]}
    """

  private func read(_ text: String, name: String = "x", filing: EvaluationTask.Filing = .init())
    throws -> EvaluationTask
  {
    try EvaluationTask(Array(text.utf8), file: "x.json", name: name, filing: filing)
  }

  @Test func readsADatasetFile() throws {
    let task = try read(Self.file, name: "jnli")
    #expect(task.instruction == "関係を回答してください。")
    #expect(task.outputLength == 3)
    #expect(task.metrics == [.exactMatch] && task.representative == .exactMatch)
    #expect(task.category == .naturalLanguageInference)
    #expect(task.shots == [Example(input: "前提：甲\n仮説：乙", output: "neutral")])
    #expect(task.samples.count == 3)
    #expect(abs(task.chance - 2.0 / 3) < 1e-15)
    #expect(task.limited(to: 1).samples.count == 1)
    #expect(try task.hash == read(Self.file, name: "jnli").hash)
    #expect(task.hash != task.limited(to: 2).hash)
  }

  @Test(arguments: [
    ("\"instruction\": \"関係を回答してください。\"", "\"instruction\": \"\"", "instruction is \"\""),
    ("\"instruction\"", "\"instructions\"", "instruction is missing"),
    ("\"output_length\": 3", "\"output_length\": 0", "output_length is 0"),
    ("\"output_length\": 3", "\"output_length\": 1e9", "output_length is 1000000000"),
    ("[\"exact_match\"]", "[]", "metrics is empty"),
    ("[\"exact_match\"]", "[\"exactmatch\"]", "metrics[0] is no metric: \"exactmatch\""),
    (
      "[\"exact_match\"]", "[\"exact_match\", \"exact_match\"]",
      "metrics[1] names exact_match twice"
    ),
    ("[\"exact_match\"]", "[\"pearson\"]", "samples[0].output is no number"),
    ("\"few_shots\"", "\"few_shot\"", "few_shots is missing"),
    ("\"output\": \"entailment\"", "\"output\": 1", "samples[0].output is 1"),
    ("{\"input\": \"前提：丁\\n仮説：戊\",", "{", "samples[1].input is missing"),
    ("3,", "3;", "invalid JSON at byte"),
  ])
  func errorsNameFileAndField(old: String, new: String, problem: String) throws {
    let text = String(Self.file.replacing(old, with: new, maxReplacements: 1))
    #expect(text != Self.file)
    let failure = #expect(throws: Failure.self) { try read(text) }
    let told = try #require(failure?.problem)
    #expect(told.contains(problem), "\(told)")
    #expect(told.hasPrefix("x.json: "))
  }

  @Test func labelsAreChecked() throws {
    let failure = #expect(throws: Failure.self) {
      try read(Self.file, filing: .init(labels: ["entailment", "contradiction"]))
    }
    #expect(
      failure?.problem.contains("samples[1].output \"neutral\" is none of the labels") == true)
  }

  @Test func chrFStandsInForTheNeuralMetrics() throws {
    let text = Self.file.replacing(
      "[\"exact_match\"]", with: "[\"bleu_en\", \"bert_score_en_f1\", \"comet_wmt22\"]")
    let task = try read(String(text), name: "alt-j-to-e")
    #expect(task.category == .machineTranslation)
    #expect(task.metrics == [.bleu, .chrF] && task.representative == .chrF)
    #expect(task.uncomputedMetrics == ["bert_score_en_f1", "comet_wmt22"])
    #expect(task.chance == 0)
  }

  @Test func readsAFolderWithAnIndex() throws {
    try withTemporaryFolder { folder in
      try Files.write(Self.file, to: folder / "a.json")
      try Files.write(Self.file, to: folder / "b.json")
      try Files.write(
        """
        {"name": "island", "version": "2", "level": "L1", "tasks": [
          {"file": "b.json", "dataset": "second", "category": "NLI", "metric": "exact_match",
           "labels": ["entailment", "neutral"]},
          {"file": "a.json", "category": "RC", "level": "LX", "labels": null}]}
        """, to: folder / "index.json")
      let set = try TaskSet(folder: folder)
      #expect(set.name == "island" && set.version == "2")
      #expect(set.tasks.map(\.name) == ["second", "a"])
      #expect(set.tasks.map(\.level) == [.L1, .LX])
      #expect(try set.selecting(["RC"]).map(\.name) == ["a"])
      #expect(try set.selecting(["a", "second", "a"]).map(\.name) == ["a", "second"])
      let failure = #expect(throws: Failure.self) { try set.selecting(["secnd"]) }
      #expect(failure?.remedy == "Did you mean second?")
    }
  }

  @Test(arguments: [
    ("\"a.json\"", "\"../a.json\"", "tasks[0].file is \"../a.json\""),
    ("\"a.json\"", "\"/etc/passwd\"", "tasks[0].file is"),
    ("\"NLI\"", "\"NIL\"", "tasks[0].category is \"NIL\""),
    ("\"category\"", "\"categry\"", "unknown key 'tasks[0].categry'"),
    ("\"L1\"", "\"L9\"", "level is \"L9\""),
    ("\"exact_match\"", "\"set_f1\"", "lacks the metric \"set_f1\""),
  ])
  func errorsOfTheIndexNameTheField(old: String, new: String, problem: String) throws {
    try withTemporaryFolder { folder in
      try Files.write(Self.file, to: folder / "a.json")
      let index = """
        {"level": "L1", "tasks": [{"file": "a.json", "category": "NLI", "metric": "exact_match"}]}
        """
      try Files.write(String(index.replacing(old, with: new)), to: folder / "index.json")
      let failure = #expect(throws: Failure.self) { try TaskSet(folder: folder) }
      #expect(failure?.problem.contains(problem) == true, "\(failure?.problem ?? "")")
    }
  }

  @Test func shotsComeFromTheTrainSplit() throws {
    try withTemporaryFolder { folder in
      for split in ["train", "dev"] { try Files.makeDirectory(folder / split) }
      try Files.write(Self.file, to: folder / "train" / "jnli.json")
      let bare = Self.file.replacing(
        "[{\"input\": \"前提：甲\\n仮説：乙\", \"output\": \"neutral\"}]", with: "[]")
      try Files.write(String(bare), to: folder / "dev" / "jnli.json")
      let set = try TaskSet(folder: folder)
      #expect(set.tasks.count == 1)
      #expect(set.tasks[0].shots.map(\.output) == ["entailment", "neutral", "neutral"])
      #expect(throws: Failure.self) { try TaskSet(folder: folder, split: "test") }
    }
  }

  @Test func theSampleDataIsRead() throws {
    let folder = repositoryRoot / "sample-data" / "tasks"
    guard Files.exists(folder) else { return }
    let set = try TaskSet(folder: folder)
    #expect(Set(set.tasks.compactMap(\.category)) == Set(Category.allCases))
    for task in set.tasks {
      #expect(task.samples.count >= 50 && task.shots.count >= 4, "\(task.name)")
      #expect(task.uncomputedMetrics.isEmpty)
    }
  }
}
