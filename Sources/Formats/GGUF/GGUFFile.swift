public import Base

/// A GGUF file, version 2 or 3, mapped into memory; tensors are read when asked for.
///
/// A copy shares the mapping.
public struct GGUFFile: Sendable {
  public let path: Path
  public let version: Int
  /// Keys and values in the order of the file.
  public let metadata: [(key: String, value: GGUFValue)]
  /// The tensors in the order of their bytes.
  public let tensors: [GGUFTensor]
  private let file: MappedFile
  private let keys: [String: Int]
  private let names: [String: Int]

  /// Opens a file and checks its header.
  ///
  /// - Throws: ``Failure`` naming file, field and byte, if it cannot be opened or breaks a rule of the format.
  public init(_ path: Path) throws(Failure) {
    let file = try MappedFile(path)
    let header: GGUFHeader
    do { header = try GGUFHeader(file.bytes) } catch {
      throw Failure("\(path): \(error.problem)", remedy: error.remedy)
    }
    self.path = path
    self.file = file
    version = Int(header.version)
    metadata = header.metadata
    tensors = header.tensors
    keys = Dictionary(
      uniqueKeysWithValues: metadata.enumerated().map { ($0.element.key, $0.offset) })
    names = Dictionary(
      uniqueKeysWithValues: tensors.enumerated().map { ($0.element.name, $0.offset) })
  }

  /// The metadata value of a key.
  public subscript(key: String) -> GGUFValue? { keys[key].map { metadata[$0].value } }

  /// The tensor of that name.
  public func tensor(_ name: String) -> GGUFTensor? { names[name].map { tensors[$0] } }

  /// The bytes of a tensor, for as long as this value is held.
  @_lifetime(borrow self)
  public func bytes(of tensor: GGUFTensor) -> RawSpan { file.bytes.extracting(tensor.range) }

  /// A tensor as floats, row-major.
  ///
  /// - Throws: ``Failure`` if its type cannot be read.
  public func floats(_ tensor: GGUFTensor) throws(Failure) -> [Float] {
    guard tensor.type.isReadable else {
      throw Failure(
        "\(path): the tensor \(Sanitiser.visible(tensor.name)) is of type \(tensor.type.name)",
        remedy: "Convert it to one of \(Self.readable) with llama.cpp.")
    }
    var values = [Float](repeating: 0, count: tensor.count)
    var span = values.mutableSpan
    let file = self.file
    GGUFBlocks.read(tensor.type, file.bytes.extracting(tensor.range), into: &span)
    return values
  }

  /// Whether a path is that of a GGUF file, by its name.
  public static func isNamed(_ path: Path) -> Bool {
    path.fileExtension.lowercased() == "gguf" && !Files.isDirectory(path)
  }

  private static let readable = GGUFType.allCases.filter(\.isReadable).map(\.name)
    .joined(separator: ", ")
}
