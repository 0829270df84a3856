import Base
import Testing

/// Every sample of a task has its answer in the training text, or in its own question.
@Suite("Sample tasks are answerable")
struct AnswerableTests {
  let data: SampleData

  init() throws { data = try SampleData.shared.get() }

  private func samples(_ category: String) throws -> [(input: String, output: String)] {
    let place = try #require(data.taskIndex.firstIndex { $0["category"]?.string == category })
    let samples = try #require(data.tasks[place]["samples"]?.array)
    #expect(samples.count >= 50)
    return try samples.map {
      (try #require($0["input"]?.string), try #require($0["output"]?.string))
    }
  }

  /// What stands behind the marks 質問： and 選択肢： of an input.
  private func parts(_ input: String) throws -> (question: String, choices: [String: String]) {
    let lines = input.split(separator: "\n").map { $0.split(separator: "：", maxSplits: 1) }
    let question = try #require(lines.first { $0.first == "質問" }?.last)
    let listed = lines.first { $0.first == "選択肢" }?.last ?? ""
    let choices = try listed.split(separator: ",").map { choice in
      let halves = choice.split(separator: ".", maxSplits: 1)
      try #require(halves.count == 2, "\(input)")
      return (String(halves[0]), String(halves[1]))
    }
    return (String(question), Dictionary(choices) { first, _ in first })
  }

  @Test("a sentence of the training text names what is asked about, and the answer")
  func facts() throws {
    let sentences = Sentences(data.documents.filter { ["L1", "L2", "L3"].contains($0.level) })
    for category in ["QA", "HE"] {
      for sample in try samples(category) {
        let (question, choices) = try parts(sample.input)
        let answer = category == "HE" ? try #require(choices[sample.output]) : sample.output
        let subject = try #require(Self.subject(of: question), "\(question)")
        #expect(sentences.hold(subject, answer), "\(question) \(answer): \(subject)")
      }
    }
  }

  /// A question's first word: in quotes, or of Chinese characters and katakana, of two if there is one.
  private static func subject(of question: String) -> String? {
    if let quoted = question.split(separator: "「").dropFirst().first?.split(separator: "」").first {
      return String(quoted)
    }
    func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
      (0x4E00...0x9FFF).contains(scalar.value) || (0x30A1...0x30FC).contains(scalar.value)
        || scalar == "々"
    }
    let words = question.unicodeScalars.split { !isOfWord($0) }
    return (words.first { $0.count > 1 } ?? words.first).map { String($0) }
  }

  @Test("the right choice is a word of the training text")
  func choices() throws {
    let sentences = Sentences(data.documents.filter { ["L1", "L2", "L3"].contains($0.level) })
    for sample in try samples("MC") {
      let right = try #require(try parts(sample.input).choices[sample.output], "\(sample.input)")
      #expect(sentences.hold(right, right), "\(right)")
    }
  }

  @Test("what is to be found in the question stands there")
  func extraction() throws {
    for sample in try samples("RC") {
      let text = try #require(sample.input.split(separator: "\n").first)
      #expect(text.contains(sample.output), "\(sample)")
    }
    for sample in try samples("EL") {
      for line in sample.output.split(separator: "\n") {
        let name = try #require(line.split(separator: " ").first)
        #expect(sample.input.contains(name), "\(sample)")
      }
    }
  }

  @Test("a sum or a difference of the two numbers is the answer")
  func sums() throws {
    for sample in try samples("MR") {
      let numbers = sample.input.split { !$0.isNumber }.compactMap { Int($0) }
      try #require(numbers.count == 2, "\(sample.input)")
      let answers = [numbers[0] + numbers[1], numbers[0] - numbers[1]]
      #expect(answers.contains { String($0) == sample.output }, "\(sample)")
    }
  }
}

/// The sentences of documents, as scalars.
private struct Sentences {
  private let sentences: [[Unicode.Scalar]]

  init(_ documents: [SampleData.Document]) {
    sentences = documents.flatMap { document in
      document.text.unicodeScalars.split { "。\n？！".unicodeScalars.contains($0) }.map(Array.init)
    }
  }

  /// Whether one of them holds both words.
  func hold(_ first: String, _ second: String) -> Bool {
    let (first, second) = (Array(first.unicodeScalars), Array(second.unicodeScalars))
    return sentences.contains { Self.contains($0, second) && Self.contains($0, first) }
  }

  private static func contains(_ text: [Unicode.Scalar], _ word: [Unicode.Scalar]) -> Bool {
    guard word.count <= text.count else { return false }
    return (0...text.count - word.count).contains { start in
      word.indices.allSatisfy { text[start + $0] == word[$0] }
    }
  }
}
