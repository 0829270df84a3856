public import Base
public import Formats
import Models
import Tokenizers

/// Brings a model with its tokenizer from one form into the other: a folder of Hugging Face's, a GGUF file.
public enum ModelConversion {
  /// A form of a model.
  public enum Form: String, Sendable, CaseIterable {
    /// A folder that Hugging Face's libraries open.
    case hf
    /// One file that llama.cpp opens.
    case gguf
  }

  /// What was made.
  public struct Report: Sendable {
    public let path: Path
    public let form: Form
    public let tensors: Int
    /// What most matrices are stored as.
    public let type: String
    public let bytes: Int
  }

  /// The form that a path is in or asks for: a GGUF file by its name.
  public static func form(of path: Path) -> Form {
    GGUFFile.isNamed(path) ? .gguf : .hf
  }

  /// Converts a model.
  ///
  /// - Parameters:
  ///   - type: what matrices of a GGUF file become; nil: what they are.
  ///   - target: where it goes; nothing may be there.
  /// - Throws: `Failure` naming what the other form cannot say; nothing is left behind then.
  public static func convert(
    _ model: ModelReference, to target: Path, as form: Form, type: GGUFType? = nil,
    _ context: WorkContext
  ) throws -> Report {
    let isThere = try Files.isDirectory(target) ? !Files.list(target).isEmpty : Files.exists(target)
    guard !isThere else {
      throw Failure("\(target) is there already", remedy: "Name a new path.")
    }
    let source = model.folder
    switch (self.form(of: source), form) {
    case (.hf, .gguf): return try toGGUF(source, target, type, name: model.name, context)
    case (.gguf, .hf):
      guard type == nil else {
        throw Failure(
          "a Hugging Face folder is written in F32", remedy: "Leave the quantisation out.")
      }
      return try toFolder(source, target, context)
    case (let same, _):
      throw Failure(
        "\(source) is \(same.rawValue) already", remedy: "Ask for the other form, or copy it.")
    }
  }

  // MARK: To GGUF

  private static func toGGUF(
    _ source: Path, _ target: Path, _ type: GGUFType?, name: String, _ context: WorkContext
  ) throws -> Report {
    let config = try ModelFolder(source).config
    let files = try SafetensorsFolder(source)
    let type = type ?? losslessType(of: files)
    var metadata = try config.ggufMetadata()
    let sources = try GGUFModel.sources(files, config: config, as: type)
    metadata.append(("general.name", .string(name)))
    if let number = fileTypes.first(where: { $0.type == type })?.number {
      metadata.append(("general.file_type", .uint32(number)))
    }
    metadata.append(("general.quantization_version", .uint32(2)))
    metadata += try GGUFTokenizerMetadata.values(of: source, count: config.vocabSize)
    try GGUFWriter.write(
      metadata: metadata, tensors: watched(sources, context), to: target)
    return Report(
      path: target, form: .gguf, tensors: sources.count, type: type.name,
      bytes: try Files.size(target))
  }

  /// What llama.cpp calls files by the type of most of their matrices.
  private static let fileTypes: [(type: GGUFType, number: UInt32)] = [
    (.f32, 0), (.f16, 1), (.q4_0, 2), (.q4_1, 3), (.q8_0, 7), (.bf16, 32),
  ]

  /// The type that loses nothing of a folder's tensors.
  private static func losslessType(of files: SafetensorsFolder) -> GGUFType {
    let types = Set(files.names.compactMap { files[$0] }.filter { $0.shape.count > 1 }.map(\.type))
    return types == [.bf16] ? .bf16 : types == [.f16] ? .f16 : .f32
  }

  /// The same tensors, each told when its turn comes, until the context is cancelled.
  private static func watched(_ sources: [GGUFSource], _ context: WorkContext) -> [GGUFSource] {
    sources.enumerated().map { index, source in
      GGUFSource(source.name, type: source.type, shape: source.shape) {
        try step(index, of: sources.count, context)
        return try source.elements()
      }
    }
  }

  private static func step(_ index: Int, of count: Int, _ context: WorkContext) throws {
    guard !context.cancellation.isCancelled else {
      throw Failure("the conversion was stopped", remedy: "Start it again.")
    }
    context.progress.update(
      ProgressState(stage: "converting", done: index, total: count, unit: "tensors"))
  }

  // MARK: To a folder

  private static func toFolder(
    _ source: Path, _ target: Path, _ context: WorkContext
  ) throws -> Report {
    let model = try GGUFModel(source)
    let tokenizer = try GGUFTokenizer(model.file)
    let tensors = try model.tensors()
    let draft = Temporary.path(for: target)
    try Files.makeDirectory(draft)
    do {
      try ModelFolder.write(model.config, to: draft)
      try tokenizer.write(to: draft)
      let sources = tensors.enumerated().map { index, tensor in
        SafetensorsSource(tensor.name, type: .f32, shape: tensor.shape) { sink in
          try step(index, of: tensors.count, context)
          try sink.put(try tensor.read())
        }
      }
      try SafetensorsWriter.writeModel(sources, to: draft)
      let bytes = try Files.list(draft).reduce(0) { try $0 + Files.size(draft / $1) }
      try Files.sync(draft)
      try Files.rename(draft, to: target)
      return Report(path: target, form: .hf, tensors: tensors.count, type: "F32", bytes: bytes)
    } catch {
      try? Files.remove(draft)
      throw error
    }
  }
}
