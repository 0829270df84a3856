public import Base
public import Formats
public import Tensors

/// A model as a folder of Hugging Face: `config.json`, `generation_config.json`, `model.safetensors`.
public struct ModelFolder: Sendable {
  public let folder: Path
  public let config: LlamaConfig

  /// Opens a folder and reads its configuration.
  ///
  /// - Throws: `Failure` if there is no model, or one of another family.
  public init(_ folder: Path) throws {
    let file = folder / "config.json"
    guard !GGUFFile.isNamed(folder) else {
      throw Failure(
        "\(folder) is a GGUF file where a Hugging Face folder is needed",
        remedy: "Make one with 'kaji convert'.")
    }
    if let refusal = PickledModel.refusal(of: folder) ?? PickledModel.refusal(in: folder) {
      throw refusal
    }
    guard Files.exists(file) else {
      throw Failure(
        "\(folder) is no model: it has no config.json",
        remedy: "Name a Hugging Face folder, or an experiment with a checkpoint.")
    }
    self.folder = folder
    do { config = try LlamaConfig(json: try JSON.read(file, limit: 1 << 24)) } catch {
      throw Failure("\(file): \(oneLine(error))", remedy: "")
    }
  }

  /// Reads the weights onto a device.
  ///
  /// - Throws: `Failure` naming a tensor that is missing, unknown or misshapen.
  public func load(on device: any Device) throws -> (model: Llama, parameters: ParameterStore) {
    let model = Llama(config)
    let store: ParameterStore
    do { store = try ParameterStore(model.parameters, on: device) } catch {
      throw Failure("\(folder): \(oneLine(error))", remedy: "")
    }
    try load(into: store)
    return (model, store)
  }

  /// Reads the weights into parameters that are there already; after an error some of them are the folder's.
  ///
  /// - Throws: `Failure` naming a tensor that is missing, unknown or misshapen.
  public func load(into store: ParameterStore) throws {
    let files = try SafetensorsFolder(folder)
    do {
      try Llama(config).load(into: store) { take in
        for file in files.files {
          for entry in file.entries { try take(entry.name, entry.shape, try file.floats(entry)) }
        }
      }
    } catch {
      throw Failure("\(folder): \(oneLine(error))", remedy: "")
    }
  }

  /// Writes configuration and weights into `folder`, which exists.
  ///
  /// - Parameter shardLimit: Bytes of weights above which they are cut into several files with an index.
  /// - Throws: `Failure` if the disk refuses.
  public static func write(
    _ model: Llama, _ parameters: ParameterStore, to folder: Path,
    shardLimit: Int = SafetensorsWriter.shardLimit
  ) throws {
    try write(model.config, parameters.parameters, to: folder, shardLimit: shardLimit) {
      parameters.read($0, part: $1)
    }
  }

  /// Writes configuration and weights, wherever these come from, into `folder`, which exists.
  ///
  /// - Parameter read: Gives elements of a parameter, counted from its first.
  /// - Throws: `Failure` if the disk refuses.
  public static func write(
    _ config: LlamaConfig, _ parameters: [Parameter], to folder: Path,
    shardLimit: Int = SafetensorsWriter.shardLimit,
    read: @escaping (Parameter, Range<Int>) -> [Float]
  ) throws {
    try write(config, to: folder)
    let sources = parameters.map { parameter in
      SafetensorsSource(parameter.name, type: .f32, shape: parameter.shape) { sink in
        let count = parameter.range.count
        for begin in stride(from: 0, to: count, by: 1 << 20) {
          try sink.put(read(parameter, begin..<min(begin + 1 << 20, count)))
        }
      }
    }
    try SafetensorsWriter.writeModel(sources, to: folder, shardLimit: shardLimit)
  }

  /// Writes `config.json` and `generation_config.json` into `folder`, which exists.
  public static func write(_ config: LlamaConfig, to folder: Path) throws {
    try Files.write(config.json.text(pretty: true) + "\n", to: folder / "config.json")
    var generation = JSONObject([("_from_model_config", true)])
    for key in ["bos_token_id", "eos_token_id", "pad_token_id"] {
      generation[key] = config.json[key]
    }
    try Files.write(
      JSON.object(generation).text(pretty: true) + "\n", to: folder / "generation_config.json")
  }
}
