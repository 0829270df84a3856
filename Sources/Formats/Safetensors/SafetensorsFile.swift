public import Base

/// A safetensors file mapped into memory; tensors are read when asked for.
///
/// A copy shares the mapping.
public struct SafetensorsFile: Sendable {
  public let path: Path
  /// The tensors in the order of their bytes.
  public let entries: [SafetensorsEntry]
  /// What the file says about itself, as `["format": "pt"]`.
  public let metadata: [ExactText: String]
  private let file: MappedFile
  private let index: [ExactText: Int]

  /// Opens a file and checks its header.
  ///
  /// - Throws: ``Failure`` naming the file, if it cannot be opened or breaks a rule of the format.
  public init(_ path: Path) throws(Failure) {
    let file = try MappedFile(path)
    let header: SafetensorsHeader
    do { header = try SafetensorsHeader(file.bytes) } catch {
      throw Failure("\(path): \(error.problem)", remedy: error.remedy)
    }
    self.path = path
    self.file = file
    entries = header.entries
    metadata = Dictionary(
      uniqueKeysWithValues: header.metadata.map { (ExactText($0.key), $0.value) })
    index = Dictionary(
      uniqueKeysWithValues: header.entries.enumerated().map {
        (ExactText($0.element.name), $0.offset)
      })
  }

  /// The tensor of that name.
  public subscript(name: String) -> SafetensorsEntry? { index[ExactText(name)].map { entries[$0] } }

  /// The bytes of a tensor (little-endian, row-major), for as long as this value is held.
  @_lifetime(borrow self)
  public func bytes(of entry: SafetensorsEntry) -> RawSpan {
    file.bytes.extracting(entry.range)
  }

  /// A tensor as floats, row-major.
  ///
  /// - Throws: ``Failure`` if there is no such tensor or its type is not one of F32, BF16, F16, F64.
  public func floats(_ name: String) throws(Failure) -> [Float] {
    guard let entry = self[name] else {
      throw Failure("\(path) has no tensor \(name)", remedy: "Check that it is the right model.")
    }
    return try floats(entry)
  }

  /// A tensor as floats, row-major.
  public func floats(_ entry: SafetensorsEntry) throws(Failure) -> [Float] {
    var values = [Float](repeating: 0, count: entry.count)
    var span = values.mutableSpan
    try read(entry, into: &span)
    return values
  }

  /// Reads elements of a tensor into `destination` as floats, from element `start` on.
  ///
  /// - Throws: ``Failure`` if the tensor's type is not one of F32, BF16, F16, F64.
  public func read(
    _ entry: SafetensorsEntry, from start: Int = 0, into destination: inout MutableSpan<Float>
  ) throws(Failure) {
    precondition(
      start >= 0 && start + destination.count <= entry.count,
      "elements \(start) + \(destination.count) of a tensor of \(entry.count)")
    let file = self.file
    let bytes = file.bytes.extracting(entry.range)
    switch entry.type {
    case .f32:
      for i in 0..<destination.count {
        let bits = bytes.littleEndian(at: 4 * (start + i), as: UInt32.self)
        destination[i] = Float(bitPattern: bits)
      }
    case .bf16:
      for i in 0..<destination.count {
        let bits = bytes.littleEndian(at: 2 * (start + i), as: UInt16.self)
        destination[i] = Float(bitPattern: UInt32(bits) << 16)
      }
    case .f16:
      for i in 0..<destination.count {
        let bits = bytes.littleEndian(at: 2 * (start + i), as: UInt16.self)
        destination[i] = Float(Float16(bitPattern: bits))
      }
    case .f64:
      for i in 0..<destination.count {
        let bits = bytes.littleEndian(at: 8 * (start + i), as: UInt64.self)
        destination[i] = Float(Double(bitPattern: bits))
      }
    default:
      throw Failure(
        "\(path): the tensor \(Sanitiser.visible(entry.name)) is of type \(entry.type.rawValue)",
        remedy: "Convert it to F32, BF16, F16 or F64.")
    }
  }
}
