import Base
import Models
import Tensors
import TestSupport
import Testing
import Tokenizers
import Training

@testable import Tuning

/// A small tokenizer with LLM-jp's chat template, made once for all tests.
let smallTokenizer: Result<Tokenizer, any Error> = Result {
  var settings = UnigramSettings()
  settings.vocabularySize = 420
  settings.requiredCharacters = "以下はタスクを説明する指示です。要求適切に満応答書きなさい#:#"
  return try TokenizerFiles(
    UnigramTrainer.train(InventedText.documents(200), settings: settings)
  ).tokenizer()
}

@Suite("Examples") struct ExampleTests {
  let tokenizer: Tokenizer

  init() throws { tokenizer = try smallTokenizer.get() }

  static func pair(_ question: String, _ answer: String) throws -> Dialogue {
    try Dialogue(
      .object([("instruction", JSON(question)), ("output", JSON(answer))]), place: "test")
  }

  /// Pairs of several lengths.
  func examples(_ count: Int) throws -> [Example] {
    try (0..<count).map { number in
      let answer = (0...number % 3).map { InventedText.sentence(number * 53 + $0) }
      return try Example(
        try Self.pair("\(number)番について", answer.joined()), tokenizer: tokenizer)
    }
  }

  @Test func `only the answer and the end after it count`() throws {
    let question = "霧坂の塩はいつ作られる?", answer = "春に作られる。\n夏には売られる。"
    let example = try Example(try Self.pair(question, answer), tokenizer: tokenizer)
    let prompt = try tokenizer.encodeChat([ChatMessage(role: "user", content: question)])
    // The answer as generation would give it: ids after the prompt's, then the end of sequence.
    #expect(example.ids.starts(with: prompt))
    #expect(example.ids.last == tokenizer.special.end)
    let targets = example.targets
    #expect(targets.count == example.ids.count - 1)
    let silent = prompt.count - 1
    #expect(targets[..<silent].allSatisfy { $0 == -100 })
    #expect(Array(targets[silent...]) == Array(example.ids[prompt.count...]))
    #expect(tokenizer.decode(Array(targets[silent...].dropLast())) == answer)
    #expect(targets.last == tokenizer.special.end, "the end is learnt")
    #expect(targets[silent...].count { $0 == tokenizer.special.end } == 1)
  }

  @Test func `every answer of a longer conversation counts, no question`() throws {
    let messages = [
      ("user", "塩は?"), ("assistant", "春。"), ("user", "舟は?"), ("assistant", "冬に売られる。"),
    ]
    let dialogue = try Dialogue(
      .object([
        (
          "messages",
          .array(messages.map { .object([("role", JSON($0.0)), ("content", JSON($0.1))]) })
        )
      ]), place: "test")
    let example = try Example(dialogue, tokenizer: tokenizer)
    let counted = zip(example.ids, example.isResponse).filter(\.1).map(\.0)
    #expect(tokenizer.decode(counted) == "春。冬に売られる。")
    #expect(counted.count { $0 == tokenizer.special.end } == 2)
    let others = zip(example.ids, example.isResponse).filter { !$0.1 }.map(\.0)
    let text = tokenizer.decode(others)
    #expect(text.contains("塩は?") && text.contains("舟は?") && !text.contains("春"))
  }

  @Test func `each epoch has every example once, in an order of its own, within rows`() throws {
    let examples = try examples(40)
    let source = ExampleSource(examples, batchSize: 3, sequenceLength: 160, epochs: 3, seed: 8)
    #expect(source.tooLong == 0)
    let names = (0..<source.steps).flatMap { source.sources(at: $0) }
    #expect(names.count == 120)
    let epochs = (0..<3).map { Array(names[$0 * 40..<$0 * 40 + 40]) }
    #expect(epochs.allSatisfy { Set($0).count == 40 })
    #expect(epochs[0] != epochs[1] && epochs[1] != epochs[2])
    let again = ExampleSource(examples, batchSize: 3, sequenceLength: 160, epochs: 3, seed: 8)
    var rows = 0
    for step in 0..<source.steps {
      let batch = source.batch(at: step)
      #expect(batch == again.batch(at: step))
      #expect(batch.count <= 3 * 160)
      rows += batch.count
      let wanted = source.sources(at: step).flatMap { name -> [Int32] in
        let example = examples[Int(name.dropFirst(5))! - 1]
        return Array(example.ids.dropLast())
      }
      #expect(batch.ids == wanted)
    }
    #expect(rows == 3 * examples.reduce(0) { $0 + $1.ids.count - 1 })
    #expect(Double(rows) > 0.6 * Double(source.steps * 3 * 160), "rows are well filled")
    #expect(source.batch(at: source.steps).count == 0)
  }

  @Test func `of rows of any length each update predicts whole answers, or there is none`() throws {
    let examples = try examples(12)
    let places = examples.map { $0.ids.count - 1 }
    for length in [8, 40, 64, 80, places.min()!, places.min()! + 1, places.max()! - 1] {
      let source = ExampleSource(examples, batchSize: 2, sequenceLength: length, epochs: 2, seed: 1)
      #expect(source.tooLong == places.count { $0 > length })
      let names = (0..<source.steps).flatMap { source.sources(at: $0) }
      #expect(names.count == 2 * (12 - source.tooLong))
      for step in 0..<source.steps {
        let batch = source.batch(at: step)
        let ends = batch.targets.count { $0 == tokenizer.special.end }
        #expect(batch.countedTargets > 0 && ends == source.sources(at: step).count)
      }
    }
    let none = ExampleSource(
      examples, batchSize: 2, sequenceLength: places.min()! - 1, epochs: 2, seed: 1)
    #expect(none.steps == 0 && none.tooLong == 12)
  }

  @Test func `a packed batch loses what its examples lose alone`() throws {
    let examples = try examples(12)
    let config = LlamaConfig(
      vocabSize: tokenizer.count, hiddenSize: 32, intermediateSize: 48, hiddenLayers: 2,
      attentionHeads: 4, keyValueHeads: 2, maxPositions: 256)
    let model = Llama(config)
    let store = try model.initialise(on: try CPUDevice(), seed: 2)
    let program = try TrainingProgram(model, store, capacity: 8 * 200)
    let source = ExampleSource(examples, batchSize: 8, sequenceLength: 200, epochs: 1, seed: 3)
    let packed = source.batch(at: 0)
    #expect(Set(packed.first).count > 4, "several examples")
    try program.run(packed, weight: 1)
    let losses = program.rowLosses(packed.count)
    var row = 0
    var counted = 0
    for name in source.sources(at: 0) {
      let example = examples[Int(name.dropFirst(5))! - 1]
      var alone = Batch()
      alone.append(ids: example.ids.dropLast(), targets: example.targets)
      try program.run(alone, weight: 1)
      let own = program.rowLosses(alone.count)
      #expect(Array(losses[row..<row + own.count]) == own, "bit for bit")
      #expect(own.count { $0 != 0 } == example.isResponse.count { $0 })
      row += own.count
      counted += alone.countedTargets
    }
    #expect(row == losses.count && counted == packed.countedTargets)
  }

  @Test func `eight pairs are learnt by heart`() throws {
    let examples = try examples(8)
    let model = Llama(
      LlamaConfig(
        vocabSize: tokenizer.count, hiddenSize: 64, intermediateSize: 128, hiddenLayers: 2,
        attentionHeads: 4, keyValueHeads: 2, maxPositions: 256))
    let store = try model.initialise(on: try CPUDevice(), seed: 2)
    let source = ExampleSource(examples, batchSize: 8, sequenceLength: 200, epochs: 300, seed: 3)
    let program = try TrainingProgram(model, store, capacity: 8 * 200)
    let adam = try Optimizer(.adamw, store, loss: program.loss)
    var losses: [Double] = []
    for step in 0..<source.steps {
      let batch = source.batch(at: step)
      try program.run(batch, weight: 1 / Double(batch.countedTargets))
      try losses.append(adam.update(StepControl(learningRate: 5e-3)).loss)
    }
    #expect(losses[0] > 4 && losses.last! < 0.1, "\(losses.last!)")
  }
}
