public import Base
public import Models
import Synchronization
public import Tensors
public import Tokenizers

/// A Llama on a device, with its tokenizer.
///
/// Calls from several threads wait for each other.
///
/// `@unchecked Sendable`: model, parameters and programs are touched only while `turn` is held.
public final class LlamaLanguageModel: LanguageModel, @unchecked Sendable {
  public let tokenizer: Tokenizer
  public let contextLength: Int
  public let config: LlamaConfig

  private let turn = Mutex(())
  private let model: Llama
  private let parameters: ParameterStore
  // Programs are made when first needed; all share the parameters.
  private var scoring: ScoringProgram?
  private var generation: GenerationProgram?

  /// Takes a model that is on a device already; nobody else may use `parameters` from then on.
  public init(model: Llama, parameters: ParameterStore, tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    config = model.config
    contextLength = model.config.maxPositions
    self.model = model
    self.parameters = parameters
  }

  /// Loads a Hugging Face folder.
  ///
  /// - Throws: `Failure` if a file is missing or does not fit.
  public convenience init(folder: Path, on device: any Device) throws {
    let tokenizer = try Tokenizer.load(folder)
    let files = try ModelFolder(folder)
    guard tokenizer.count <= files.config.vocabSize else {
      throw Failure(
        "\(folder): the tokenizer has \(tokenizer.count) ids, the model \(files.config.vocabSize)",
        remedy: "Put the tokenizer the model was trained with into the folder.")
    }
    let (model, parameters) = try files.load(on: device)
    self.init(model: model, parameters: parameters, tokenizer: tokenizer)
  }

  public func score(_ sequences: [[Int32]]) throws -> [[Float]] {
    for sequence in sequences where sequence.count > contextLength {
      throw ContextExceeded(length: sequence.count, context: contextLength)
    }
    return try turn.withLock { _ in try scoringProgram().logLikelihoods(sequences) }
  }

  public func generate(
    _ prompts: [[Int32]], _ options: GenerationOptions, cancellation: CancellationFlag?,
    onToken: (_ prompt: Int, _ id: Int32) -> Void
  ) throws -> [Generated] {
    guard !prompts.isEmpty else { return [] }
    for prompt in prompts {
      guard prompt.count < contextLength else {
        throw ContextExceeded(length: prompt.count + 1, context: contextLength)
      }
      guard !prompt.isEmpty else {
        throw Failure("the prompt has no tokens", remedy: "Give a text.")
      }
    }
    return try turn.withLock { _ in
      let program = try generationProgram(slots: min(prompts.count, Self.slots))
      var run = GenerationRun(
        program: program, prompts: prompts, options: options, tokenizer: tokenizer,
        context: contextLength, ends: ends)
      return try run.all(cancellation: cancellation, onToken: onToken)
    }
  }

  /// The tokens that end a text: the model's, or the tokenizer's if it names none.
  private var ends: [Int32] {
    let own = config.endTokens.map { Int32($0) }
    return own.isEmpty ? tokenizer.special.end.map { [$0] } ?? [] : own
  }

  /// Texts that are continued at once.
  static let slots = 16

  private func scoringProgram() throws -> ScoringProgram {
    if let scoring { return scoring }
    let made = try ScoringProgram(model, parameters, capacity: max(1024, contextLength))
    scoring = made
    return made
  }

  private func generationProgram(slots: Int) throws -> GenerationProgram {
    if let generation, generation.slots >= slots { return generation }
    let made = try GenerationProgram(model, parameters, slots: slots)
    generation = made
    return made
  }
}
