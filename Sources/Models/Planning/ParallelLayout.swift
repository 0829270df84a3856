import Base

/// How a model and its training are spread over ranks.
public struct ParallelLayout: Sendable, Equatable {
  /// Copies of the model, each with sequences of its own.
  public var data = 1
  /// Ranks that share each layer: heads, the inner width and the vocabulary.
  public var tensor = 1
  /// Ranks that share the layers.
  public var pipeline = 1
  /// Whether the copies share the optimiser's moments.
  public var sharesMoments = false

  /// One rank.
  public init() {}

  public var ranks: Int { data * tensor * pipeline }

  /// Reads `dp=8,tp=4,pp=2,zero`, in any order and each part left out at will.
  ///
  /// - Throws: ``Failure`` naming the part that is none.
  public init(parsing text: String) throws {
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if part == "zero" {
        sharesMoments = true
        continue
      }
      guard words.count == 2, let number = Int(words[1]), (1...65_536).contains(number) else {
        throw Self.wrong(part)
      }
      switch words[0] {
      case "dp": data = number
      case "tp": tensor = number
      case "pp": pipeline = number
      default: throw Self.wrong(part)
      }
    }
  }

  private static func wrong(_ part: Substring) -> Failure {
    Failure(
      "'\(Sanitiser.visible(String(part)))' is no part of a parallel layout",
      remedy: "Write as in dp=8,tp=4,pp=2,zero, each number from 1 to 65536.")
  }

  /// The shape of the most that one rank holds of a model.
  ///
  /// The vocabulary is padded to a multiple of 128 for each tensor-parallel rank. Of several stages the first has
  /// the embedding and the last the output matrix, and none both.
  ///
  /// - Throws: ``Failure`` naming what cannot be shared so.
  public func slice(of config: LlamaConfig) throws -> LlamaConfig {
    var slice = config
    func share(_ key: WritableKeyPath<LlamaConfig, Int>, _ name: String) throws {
      guard config[keyPath: key] % tensor == 0 else {
        throw Failure(
          "tp=\(tensor) does not divide \(name) \(config[keyPath: key])",
          remedy: "Choose a divisor of it.")
      }
      slice[keyPath: key] = config[keyPath: key] / tensor
    }
    try share(\.attentionHeads, "num_attention_heads")
    try share(\.keyValueHeads, "num_key_value_heads")
    try share(\.intermediateSize, "intermediate_size")
    if tensor > 1 {
      slice.vocabSize = (config.vocabSize + 128 * tensor - 1) / (128 * tensor) * 128
    }
    guard pipeline <= config.hiddenLayers else {
      throw Failure(
        "pp=\(pipeline) is more than num_hidden_layers \(config.hiddenLayers)",
        remedy: "Choose as many stages as layers, or fewer.")
    }
    slice.hiddenLayers = (config.hiddenLayers + pipeline - 1) / pipeline
    if pipeline > 1 { slice.tiesEmbeddings = true }
    return slice
  }
}
