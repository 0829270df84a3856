public import Base
public import Formats
public import Tensors

/// A Llama in a GGUF file: its configuration, and its weights when asked for.
///
/// GGUF keeps the rows of the query and key matrices in the order that pairs of rotary neighbours have, Hugging
/// Face in two halves; ``HeadPermutation`` goes between them.
public struct GGUFModel: Sendable {
  public let file: GGUFFile
  public let config: LlamaConfig

  /// Opens a file and reads its configuration.
  ///
  /// - Throws: `Failure` naming the key that is missing or asks for what is not built here.
  public init(_ path: Path) throws {
    file = try GGUFFile(path)
    do { config = try LlamaConfig(gguf: file) } catch {
      throw Failure("\(path): \(oneLine(error))", remedy: "")
    }
  }

  /// The tensors under Hugging Face's names, with what reads them in Hugging Face's order.
  ///
  /// - Throws: `Failure` naming a tensor that no Llama has.
  public func tensors() throws -> [(name: String, shape: [Int], read: () throws -> [Float])] {
    try file.tensors.map { tensor in
      guard let name = GGUFNames.huggingFace(tensor.name) else {
        throw Failure(
          "\(file.path): the tensor \(Sanitiser.visible(tensor.name)) is none of a plain Llama",
          remedy: "Only models without rotary scaling factors, biases and experts are built here.")
      }
      let heads = config.heads(of: name)
      let shape = tensor.shape
      if let heads, shape.count != 2 || shape[0] != heads * config.headSize || shape[1] == 0 {
        throw Failure(
          "\(file.path): the tensor \(tensor.name) has the shape \(shape)",
          remedy: "Copy or make the file again.")
      }
      return (
        name, shape,
        {
          let values = try file.floats(tensor)
          guard let heads else { return values }
          return HeadPermutation(heads: heads, rowLength: shape[1]).halves(values)
        }
      )
    }
  }

  /// Reads the weights onto a device.
  ///
  /// - Throws: `Failure` naming a tensor that is missing, unknown or misshapen.
  public func load(on device: any Device) throws -> (model: Llama, parameters: ParameterStore) {
    let model = Llama(config)
    let tensors = try tensors()
    do {
      let store = try model.load(on: device) { take in
        for tensor in tensors { try take(tensor.name, tensor.shape, try tensor.read()) }
      }
      return (model, store)
    } catch {
      throw Failure("\(file.path): \(oneLine(error))", remedy: "")
    }
  }

  /// The tensors of a Hugging Face folder as a GGUF file has them.
  ///
  /// Norms stay F32. Of the 4-bit types the embedding and the head become Q8_0, as they bear less; a matrix
  /// whose rows the type cannot hold becomes F16.
  /// - Parameter type: what matrices become.
  public static func sources(
    _ files: SafetensorsFolder, config: LlamaConfig, as type: GGUFType
  ) throws -> [GGUFSource] {
    let extra = ["rotary_emb.inv_freq"] + (config.tiesEmbeddings ? ["lm_head.weight"] : [])
    let known = Set(Llama(config).parameters.map(\.name))
    for name in files.names where !known.contains(name) && !extra.contains(where: name.hasSuffix) {
      throw Failure(
        "\(files.folder): the tensor \(Sanitiser.visible(name)) is none of a plain Llama",
        remedy: "Only models without biases and experts are built here.")
    }
    return try Llama(config).parameters.map { parameter in
      guard let entry = files[parameter.name], let own = GGUFNames.gguf(parameter.name) else {
        throw Failure(
          "\(files.folder) has no tensor \(parameter.name)", remedy: "Copy the model again.")
      }
      guard entry.shape == parameter.shape else {
        throw Failure(
          "\(files.folder): the tensor \(parameter.name) has the shape \(entry.shape), the "
            + "configuration asks for \(parameter.shape)", remedy: "Copy the model again.")
      }
      let heads = config.heads(of: parameter.name)
      return GGUFSource(own, type: chosen(type, for: parameter), shape: parameter.shape) {
        let values = try files.floats(parameter.name)
        guard let heads else { return values }
        return HeadPermutation(heads: heads, rowLength: parameter.shape[1]).pairs(values)
      }
    }
  }

  private static func chosen(_ type: GGUFType, for parameter: ParameterSpec) -> GGUFType {
    guard parameter.shape.count == 2 else { return .f32 }
    let bearsLess = parameter.name == Llama.embedding || parameter.name == "lm_head.weight"
    let wanted = bearsLess && (type == .q4_0 || type == .q4_1) ? .q8_0 : type
    return parameter.shape[1] % wanted.block.elements == 0 ? wanted : .f16
  }
}

extension LlamaConfig {
  /// The heads of the query or key matrix of that name, whose rows GGUF orders in its own way.
  func heads(of name: String) -> Int? {
    if name.hasSuffix("self_attn.q_proj.weight") { return attentionHeads }
    if name.hasSuffix("self_attn.k_proj.weight") { return keyValueHeads }
    return nil
  }
}
