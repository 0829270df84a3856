import Base
import Generation
import Models
import Tensors
import TestSupport
import Tokenizers

/// A small model that has learnt invented sentences for a moment, made once for all tests.
enum SmallModel {
  static let tokenizer: Result<Tokenizer, any Error> = Result {
    var settings = UnigramSettings()
    settings.vocabularySize = 400
    settings.characterCoverage = 1
    return try TokenizerFiles(
      UnigramTrainer.train(InventedText.documents(200), settings: settings)
    ).tokenizer()
  }

  static let model: Result<LlamaLanguageModel, any Error> = Result {
    let tokenizer = try Self.tokenizer.get()
    var config = LlamaConfig(
      vocabSize: tokenizer.count, hiddenSize: 32, intermediateSize: 64, hiddenLayers: 2,
      attentionHeads: 4, keyValueHeads: 2, maxPositions: 48)
    config.beginToken = 1
    config.endTokens = [2]
    let model = Llama(config)
    let store = try model.initialise(on: try CPUDevice(), seed: 5)
    let program = try TrainingProgram(model, store, capacity: 16 * 32)
    let adam = try Optimizer(.adamw, store, loss: program.loss)
    for step in 0..<120 {
      var batch = Batch()
      for row in 0..<16 {
        let ids = tokenizer.encode(InventedText.sentence(step * 16 + row), addSpecial: true)
        batch.append(sequence: ids.prefix(31) + [2])
      }
      try program.run(batch, weight: 1 / Double(batch.countedTargets))
      _ = try adam.update(StepControl(learningRate: 8e-3))
    }
    return LlamaLanguageModel(model: model, parameters: store, tokenizer: tokenizer)
  }

  /// Beginnings of sentences, `count` of them, all different.
  static func prompts(_ count: Int) throws -> [[Int32]] {
    let tokenizer = try Self.tokenizer.get()
    var prompts: [[Int32]] = []
    for number in 0..<2000 {
      if prompts.count == count { break }
      let ids = tokenizer.encode(InventedText.sentence(number * 31), addSpecial: true)
      let prompt = Array(ids.prefix(2 + number % 5))
      if !prompts.contains(prompt) { prompts.append(prompt) }
    }
    return prompts
  }
}
