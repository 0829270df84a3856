import Base
import Tensors
import Testing

@testable import Training

@Suite("Presets") struct PresetTests {
  @Test(
    "what LLM-jp published",
    arguments: [
      ("llm-jp-3-150m", 12, 512, 512, 3e-4, 988_240),
      ("llm-jp-3-1.8b", 24, 2048, 512, 3e-4, 988_240),
      ("LLM-jp-3-13B", 40, 5120, 1024, 2e-4, 494_120),
      ("llm-jp-3-172b", 96, 12288, 1728, 8e-5, 292_812),
    ])
  func published(
    _ name: String, _ layers: Int, _ width: Int, _ batch: Int, _ rate: Double, _ steps: Int
  ) throws {
    let json = try TrainingPreset.expanding([
      "preset": JSON(name), "tokenizer": "t", "data": ["corpus": "c"],
    ])
    let configuration = try TrainingConfiguration(json, file: "test")
    #expect(configuration.model["num_hidden_layers"]?.int == layers)
    #expect(configuration.model["hidden_size"]?.int == width)
    #expect(configuration.batchSize == batch && configuration.steps == steps)
    #expect(configuration.optimizer.learningRate == rate)
    #expect(abs(configuration.schedule.minimumLearningRate - rate / 10) < 1e-18)
    #expect(configuration.optimizer.epsilon == 1e-8 && configuration.lossTerms.z == 1e-4)
    #expect(configuration.schedule.warmupSteps == 2000 && configuration.precision == .bf16)
    // 2,072,488,058,295 tokens, and the warm-up's besides, as LLM-jp counts steps.
    let tokens = Double(configuration.tokensPerStep) * Double(steps - 2000)
    #expect(abs(tokens / 2_072_488_058_295 - 1) < 0.01)
  }

  @Test func `own keys go before the preset's`() throws {
    let json = try TrainingPreset.expanding([
      "preset": "llm-jp-3-980m", "tokenizer": "t", "data": ["corpus": "c"], "steps": 7000,
      "optimizer": ["epsilon": 1e-5], "model": ["num_hidden_layers": 2],
    ])
    let configuration = try TrainingConfiguration(json, file: "test")
    #expect(configuration.steps == 7000 && configuration.optimizer.epsilon == 1e-5)
    #expect(configuration.optimizer.learningRate == 3e-4)
    #expect(configuration.model["num_hidden_layers"]?.int == 2)
    #expect(configuration.model["hidden_size"]?.int == 1536)
    #expect(throws: Failure.self) { try TrainingPreset.named("llm-jp-4") }
    // What is not published has to be given.
    #expect(throws: Failure.self) {
      try TrainingConfiguration(
        try TrainingPreset.expanding([
          "preset": "llm-jp-3-440m", "tokenizer": "t", "data": ["corpus": "c"],
        ]), file: "test")
    }
  }
}
