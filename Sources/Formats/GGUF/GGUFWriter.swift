public import Base

/// A tensor to be written: what it is, and how to get its elements when its turn comes.
public struct GGUFSource {
  public let name: String
  public let type: GGUFType
  /// Row-major, the length of a row last.
  public let shape: [Int]
  private let content: () throws -> [Float]

  /// - Parameter content: all elements, row-major.
  public init(
    _ name: String, type: GGUFType, shape: [Int], content: @escaping () throws -> [Float]
  ) {
    self.name = name
    self.type = type
    self.shape = shape
    self.content = content
  }

  /// All elements, row-major.
  public func elements() throws -> [Float] { try content() }
}

/// Writes GGUF files of version 3, tensor after tensor.
public enum GGUFWriter {
  /// Every tensor begins at a multiple of this many bytes.
  static let alignment = 32

  /// Writes one file whole (temporary, fsync, rename).
  ///
  /// - Throws: ``Failure`` if a tensor has elements or rows that its type cannot hold, or the disk refuses; nothing
  ///   is left behind then.
  public static func write(
    metadata: [(String, GGUFValue)], tensors: [GGUFSource], to path: Path
  ) throws {
    let header = try self.header(metadata, tensors)
    let total = try tensors.reduce(header.count) { try $0 + padded(size(of: $1)) }
    try Files.requireFree(total + (1 << 20), at: path.parent, for: "\(path)")
    try Files.write(whole: path) { file throws in
      try file.append(header)
      for tensor in tensors { try write(tensor, to: file) }
    }
  }

  private static func write(_ tensor: GGUFSource, to file: AppendFile) throws {
    let values = try tensor.elements()
    guard values.count == tensor.shape.reduce(1, *) else {
      preconditionFailure("tensor \(tensor.name): \(values.count) elements for \(tensor.shape)")
    }
    if let bad = values.firstIndex(where: { !GGUFBlocks.holds(tensor.type, $0) }) {
      throw Failure(
        "the tensor \(tensor.name) has the element \(values[bad]) at \(bad), which "
          + "\(tensor.type.name) cannot hold", remedy: "Write it as F32.")
    }
    let piece = 1 << 18  // a multiple of every block
    for begin in stride(from: 0, to: values.count, by: piece) {
      let part = values.span.extracting(begin..<min(values.count, begin + piece))
      var bytes: [UInt8] = []
      bytes.reserveCapacity(part.count / tensor.type.block.elements * tensor.type.block.bytes)
      GGUFBlocks.write(tensor.type, part, to: &bytes)
      try file.append(bytes)
    }
    let size = try size(of: tensor)
    try file.append([UInt8](repeating: 0, count: padded(size) - size))
  }

  private static func size(of tensor: GGUFSource) throws(Failure) -> Int {
    guard tensor.type.isWritable, let size = tensor.type.byteCount(of: tensor.shape) else {
      throw Failure(
        "the tensor \(tensor.name) of shape \(tensor.shape) cannot be written as \(tensor.type.name)",
        remedy: "Write it as F16 or F32.")
    }
    return size
  }

  private static func padded(_ size: Int) -> Int { (size + alignment - 1) / alignment * alignment }

  private static func header(
    _ metadata: [(String, GGUFValue)], _ tensors: [GGUFSource]
  ) throws(Failure) -> [UInt8] {
    precondition(
      Set(tensors.map(\.name)).count == tensors.count
        && Set(metadata.map(\.0)).count == metadata.count, "a name is to be written twice")
    var bytes = Array("GGUF".utf8)
    bytes.appendLittleEndian(UInt32(3))
    bytes.appendLittleEndian(UInt64(tensors.count))
    bytes.appendLittleEndian(UInt64(metadata.count))
    for (key, value) in metadata {
      append(key, to: &bytes)
      bytes.appendLittleEndian(value.kind.rawValue)
      append(value, to: &bytes)
    }
    var offset = 0
    for tensor in tensors {
      append(tensor.name, to: &bytes)
      bytes.appendLittleEndian(UInt32(tensor.shape.count))
      for extent in tensor.shape.reversed() { bytes.appendLittleEndian(UInt64(extent)) }
      bytes.appendLittleEndian(tensor.type.rawValue)
      bytes.appendLittleEndian(UInt64(offset))
      offset += padded(try size(of: tensor))
    }
    return bytes + [UInt8](repeating: 0, count: padded(bytes.count) - bytes.count)
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.appendLittleEndian(UInt64(text.utf8.count))
    bytes += text.utf8
  }

  private static func append(_ value: GGUFValue, to bytes: inout [UInt8]) {
    switch value {
    case .uint8(let number): bytes.appendLittleEndian(number)
    case .int8(let number): bytes.appendLittleEndian(number)
    case .uint16(let number): bytes.appendLittleEndian(number)
    case .int16(let number): bytes.appendLittleEndian(number)
    case .uint32(let number): bytes.appendLittleEndian(number)
    case .int32(let number): bytes.appendLittleEndian(number)
    case .uint64(let number): bytes.appendLittleEndian(number)
    case .int64(let number): bytes.appendLittleEndian(number)
    case .float32(let number): bytes.appendLittleEndian(number.bitPattern)
    case .float64(let number): bytes.appendLittleEndian(number.bitPattern)
    case .bool(let flag): bytes.append(flag ? 1 : 0)
    case .string(let text): append(text, to: &bytes)
    case .array(let kind, let elements):
      bytes.appendLittleEndian(kind.rawValue)
      bytes.appendLittleEndian(UInt64(elements.count))
      for element in elements {
        precondition(element.kind == kind, "an array of \(kind) with a value of \(element.kind)")
        append(element, to: &bytes)
      }
    }
  }
}
