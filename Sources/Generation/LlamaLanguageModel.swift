public import Base
import Formats
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

  /// Loads a Hugging Face folder, or a GGUF file.
  ///
  /// - Throws: `Failure` if a file is missing or does not fit.
  public convenience init(folder: Path, on device: any Device) throws {
    guard !GGUFFile.isNamed(folder) else {
      let file = try GGUFModel(folder)
      let tokenizer = try GGUFTokenizer(file.file).tokenizer()
      let (model, parameters) = try file.load(on: device)
      self.init(model: model, parameters: parameters, tokenizer: tokenizer)
      return
    }
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
    let longest = sequences.map(\.count).max() ?? 0
    return try turn.withLock { _ in try scoringProgram(longest).logLikelihoods(sequences) }
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
    let longest = prompts.map { $0.count + min(options.maxTokens, contextLength) }.max() ?? 0
    return try turn.withLock { _ in
      let program = try generationProgram(slots: min(prompts.count, Self.slots), longest)
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

  // Programs are as large as what they are asked for, up to the next power of two: a model's context may be far
  // longer than any text it gets.

  private func scoringProgram(_ longest: Int) throws -> ScoringProgram {
    if let scoring, scoring.capacity >= longest { return scoring }
    scoring = nil
    let made = try ScoringProgram(model, parameters, capacity: Self.room(longest, atLeast: 1024))
    scoring = made
    return made
  }

  private func generationProgram(slots: Int, _ longest: Int) throws -> GenerationProgram {
    let context = min(contextLength, Self.room(longest, atLeast: 256))
    if let generation, generation.slots >= slots, generation.context >= context {
      return generation
    }
    let room = max(context, generation?.context ?? 0)
    let slots = max(slots, generation?.slots ?? 0)
    generation = nil
    let made = try GenerationProgram(model, parameters, slots: slots, context: room)
    generation = made
    return made
  }

  private static func room(_ longest: Int, atLeast least: Int) -> Int {
    var room = least
    while room < longest { room *= 2 }
    return room
  }
}
