public import Base
import Generation

/// How an evaluation is run. What is here changes scores; threads and batch do not.
public struct EvaluationOptions: Equatable, Sendable {
  public var prompt: PromptOptions
  /// The first samples of each task; llm-jp-eval's default is 100, `nil` is all.
  public var mostSamples: Int?
  /// The seed of resampling.
  public var seed: UInt64

  public init(prompt: PromptOptions = .init(), mostSamples: Int? = 100, seed: UInt64 = 42) {
    self.prompt = prompt
    self.mostSamples = mostSamples
    self.seed = seed
  }

  /// How answers of `task` are generated: greedily, up to the blank line that ends an answer.
  static func generation(of task: EvaluationTask) -> GenerationOptions {
    GenerationOptions(maxTokens: task.outputLength, sampling: .greedy, stop: ["\n\n"])
  }
}

/// Which model, at which point of its life, is measured.
public struct ModelIdentity: Equatable, Sendable {
  /// The SHA-256 of its weights and tokenizer, or whatever else tells it from every other.
  public let hash: String
  /// What people call it.
  public let name: String
  /// The step of its checkpoint and the tokens it was trained on, if known.
  public let step: Int?
  public let trainedTokens: Int?

  public init(hash: String, name: String, step: Int? = nil, trainedTokens: Int? = nil) {
    self.hash = hash
    self.name = name
    self.step = step
    self.trainedTokens = trainedTokens
  }
}

/// An evaluation that was told to stop.
public struct EvaluationInterrupted: Diagnosis, Equatable {
  /// The answers that are there, and those that were wanted.
  public let done: Int, total: Int

  public var problem: String { "the evaluation was interrupted after \(done) of \(total) answers" }
  public var remedy: String { "Start it again: it goes on with the answers that are missing." }
}
