import Base
import TestSupport
import Testing

@testable import Lab

@Suite("Scores and conversations") struct ScoreTests {
  static func row(
    _ model: String, _ category: String, _ task: String, _ value: Double?, primary: Bool = true
  ) -> ScoreRow {
    ScoreRow(
      model: model, modelHash: "hash-\(model)", experiment: 2, step: 1000, trainedTokens: 2_048_000,
      task: task, category: category, version: "1", shots: 4, promptHash: "ff",
      metric: primary ? "exact_match" : "char_f1", value: value, error: 0.01, n: 50, seed: 1,
      chance: 0.25, isPrimary: primary)
  }

  static let rows = [
    row("base", "QA", "niilc", 0.1), row("base", "QA", "jemhopqa", 0.3),
    row("base", "NLI", "jnli", 0.5), row("base", "XX", "new", nil),
    row("tuned", "QA", "niilc", 0.1), row("tuned", "QA", "jemhopqa", 0.5),
    row("tuned", "QA", "niilc", 0.7, primary: false), row("tuned", "QA", "niilc", 0.6),
    row("tuned", "NLI", "jnli", 0.9), row("tuned", "XX", "new", 1),
  ]

  @Test func `the table has models, categories and averages`() {
    let table = ScoreTable(Self.rows)
    #expect(table.columns == ["NLI", "QA", "XX", "average"])
    #expect(table.models.map(\.name) == ["base", "tuned"])
    // The later result of one task replaces the earlier; an average needs every column.
    let expected: [[Double?]] = [[0.5, 0.2, nil, nil], [0.9, 0.55, 1, (0.9 + 0.55 + 1) / 3]]
    for (row, values) in zip(table.rows, expected) {
      for (value, truth) in zip(row, values) {
        #expect((value == nil) == (truth == nil))
        #expect(abs((value ?? 0) - (truth ?? 0)) < 1e-12)
      }
    }
    #expect(table.chance == [0.25, 0.25, 0.25, 0.25])
    #expect(table.json["rows"]?[0]?[2]?.isNull == true)
  }

  @Test func `what was asked with other shots has a row of its own`() {
    var zero = Self.row("base", "QA", "niilc", 0.9)
    zero.shots = 0
    let table = ScoreTable([Self.row("base", "QA", "niilc", 0.1), zero])
    #expect(table.models.map(\.shots) == [4, 0])
    #expect(table.rows == [[0.1, 0.1], [0.9, 0.9]])
    #expect(table.json["shots"] == [4, 0])
  }

  @Test func `rows and samples come back, a torn line is passed over`() throws {
    try withTemporaryFolder { folder in
      let sample = SampleRow(
        model: "m", modelHash: "h", task: "niilc", category: "QA", shots: 4, index: 3, id: "q7",
        prompt: "問い\n", output: "答え\u{1B}[31m", expected: "答え", metric: "exact_match", score: 1,
        verdict: true, details: ["choices": [-1.5, -2]])
      for _ in 0..<2 {
        let writer = try ScoreWriter(folder, name: "suite")
        for row in Self.rows { try writer.append(row) }
        try writer.append(sample)
        try writer.finish()
      }
      let torn = try AppendFile(creating: folder / "torn.jsonl")
      try torn.append(Array("{\"type\":\"result\",\"model\":\"x".utf8))
      let scores = Scores(folder)
      #expect(try scores.files().map(\.name) == ["suite-2.jsonl", "suite.jsonl", "torn.jsonl"])
      #expect(try scores.results() == Self.rows + Self.rows)
      #expect(try scores.samples { $0.category == "QA" } == [sample, sample])
      #expect(try scores.samples { $0.category == "NLI" }.isEmpty)
    }
  }

  @Test func `a damaged conversation is counted, and its file left as it is`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      let chats = Chats(workspace)
      let text = """
        {"type":"conversation","title":"t","model":"m","created":"2026-01-01T00:00:00Z"}
        {"type":"message","id":1,"parent":null,"role":"user","content":"a"}
        {"type":"message","id":9223372036854775807,"parent":1,"role":"user","content":"b"}
        {"type":"message","id":1,"parent":null,"role":"user","content":"the same number"}
        {"type":"mess
        {"type":"message","id":-4,"parent":1,"role":"user","content":"c"}
        {"type":"message","id":7,"parent":1,"role":"assistant","content":"d"}
        {"type":"message","id":3,"parent":1,"role":"user","content":"e"}

        """
      try Files.write(text, to: workspace.chats / "x.jsonl")
      var talk = try chats.read("x")
      #expect(talk.messages.map(\.content) == ["a", "d", "e"])
      #expect(talk.damagedLines == 4)
      #expect(talk.append(role: "user", "more") == 8)
      try chats.save(&talk)
      #expect(talk.id == "x-2")
      #expect(try Files.readText(workspace.chats / "x.jsonl") == text)
      #expect(try chats.read("x-2") == talk)
      let index = try Index(workspace)
      try index.refresh()
      #expect(try index.problems().contains { $0.contains("x.jsonl: 4 lines hold no message") })
      #expect(try index.chats().map(\.id) == ["x-2", "x"])
    }
  }

  @Test func `a conversation is kept, branched, and never overwritten by another`() throws {
    try withTemporaryFolder { folder in
      let chats = Chats(try Workspace.create(at: folder))
      var talk = Conversation(model: "0003@500", title: "舵")
      let question = talk.append(role: "user", "舵とは\n何ですか")
      talk.append(role: "assistant", "one", details: ["seed": 1])
      let second = talk.append(role: "assistant", "two", after: question)
      try chats.save(&talk)
      let read = try chats.read(talk.id)
      #expect(read == talk)
      #expect(read.thread().map(\.content) == ["舵とは\n何ですか", "two"])
      #expect(read.thread(to: second - 1).map(\.content) == ["舵とは\n何ですか", "one"])
      var other = read
      talk.append(role: "user", "more")
      try chats.save(&talk)
      other.append(role: "user", "at the same time")
      try chats.save(&other)
      #expect(other.id != talk.id)
      #expect(try chats.list().count == 2)
      #expect(try chats.read(talk.id).messages.last?.content == "more")
      try Files.write("nonsense", to: folder / "chats/x.jsonl")
      #expect(try chats.list().count == 2)
      #expect(throws: Failure.self) { _ = try chats.read("x") }
    }
  }
}
