import Base

/// A tensor of a GGUF file.
public struct GGUFTensor: Equatable, Sendable {
  public let name: String
  public let type: GGUFType
  /// Row-major, the length of a row last (the file has it first); empty for a scalar.
  public let shape: [Int]
  /// Where its bytes lie, counted from the start of the file.
  public let range: Range<Int>

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
}

/// All of a GGUF file but the tensors' bytes, with everything checked that ggml demands.
struct GGUFHeader {
  /// The most values that a file's metadata may have, those of arrays counted: memory grows with them.
  static let valueLimit = 1 << 24
  /// The most tensors.
  static let tensorLimit = 1 << 20
  private static let arrayDepth = 4

  private(set) var version: UInt32 = 0
  private(set) var alignment = 32
  private(set) var metadata: [(key: String, value: GGUFValue)] = []
  private(set) var tensors: [GGUFTensor] = []
  private var values = 0

  /// Reads the header of `file`.
  ///
  /// - Throws: ``Failure`` naming field and byte.
  init(_ file: RawSpan) throws(Failure) {
    var cursor = BinaryCursor(file, what: "GGUF")
    guard try cursor.raw(4, "the magic") == Array("GGUF".utf8) else {
      throw cursor.malformed("the magic", "is not GGUF", at: 0)
    }
    version = try cursor.integer(UInt32.self, "the version")
    guard version == 2 || version == 3 else { throw Self.wrongVersion(version) }
    let tensorCount = try cursor.integer(UInt64.self, "the number of tensors")
    let valueCount = try cursor.integer(UInt64.self, "the number of metadata values")
    // A tensor takes 8 + 4 + 4 + 8 bytes at least, a value 8 + 4 + 1.
    guard tensorCount <= UInt64(min(Self.tensorLimit, cursor.left / 24)) else {
      throw cursor.malformed("the number of tensors", "is \(tensorCount)", at: 8)
    }
    guard valueCount <= UInt64(min(Self.valueLimit, cursor.left / 13)) else {
      throw cursor.malformed("the number of metadata values", "is \(valueCount)", at: 16)
    }
    try readMetadata(Int(valueCount), &cursor)
    try readTensors(Int(tensorCount), &cursor)
  }

  private static func wrongVersion(_ version: UInt32) -> Failure {
    if version.byteSwapped == 2 || version.byteSwapped == 3 {
      return Failure(
        "invalid GGUF: the file is big-endian", remedy: "Convert it on the machine it came from.")
    }
    return Failure(
      "invalid GGUF: the version is \(version) at byte 4",
      remedy: "Convert it to version 2 or 3 with llama.cpp.")
  }

  // MARK: Metadata

  private mutating func readMetadata(
    _ count: Int, _ cursor: inout BinaryCursor
  ) throws(Failure) {
    var seen: Set<String> = []
    for index in 0..<count {
      let start = cursor.offset
      let length = try cursor.count(ofBytes: 1, "key \(index)")
      let key = try cursor.text(length, "key \(index)")
      guard length > 0, length < 1 << 16 else {
        throw cursor.malformed("key \(index)", "has \(length) bytes", at: start)
      }
      guard seen.insert(key).inserted else {
        throw cursor.malformed("the key \(key)", "is there twice", at: start)
      }
      let kind = try self.kind(key, &cursor)
      metadata.append((key, try value(kind, of: key, depth: 0, &cursor)))
    }
    guard let value = metadata.first(where: { $0.key == "general.alignment" })?.value else {
      return
    }
    guard let given = value.int, given >= 8, given <= 1 << 20, given.nonzeroBitCount == 1 else {
      throw Failure(
        "invalid GGUF: general.alignment is no power of two from 8 to 1048576",
        remedy: "Copy or make the file again.")
    }
    alignment = given
  }

  private func kind(_ key: String, _ cursor: inout BinaryCursor) throws(Failure) -> GGUFValue.Kind {
    let start = cursor.offset
    let number = try cursor.integer(UInt32.self, "the type of \(key)")
    guard let kind = GGUFValue.Kind(rawValue: number) else {
      throw cursor.malformed("the type of \(key)", "is \(number), which is not known", at: start)
    }
    return kind
  }

  private mutating func value(
    _ kind: GGUFValue.Kind, of key: String, depth: Int, _ cursor: inout BinaryCursor
  ) throws(Failure) -> GGUFValue {
    values += 1
    guard values <= Self.valueLimit else {
      throw cursor.malformed(key, "brings more than \(Self.valueLimit) values", at: cursor.offset)
    }
    switch kind {
    case .uint8: return .uint8(try cursor.integer(UInt8.self, key))
    case .int8: return .int8(try cursor.integer(Int8.self, key))
    case .uint16: return .uint16(try cursor.integer(UInt16.self, key))
    case .int16: return .int16(try cursor.integer(Int16.self, key))
    case .uint32: return .uint32(try cursor.integer(UInt32.self, key))
    case .int32: return .int32(try cursor.integer(Int32.self, key))
    case .uint64: return .uint64(try cursor.integer(UInt64.self, key))
    case .int64: return .int64(try cursor.integer(Int64.self, key))
    case .float32: return .float32(Float(bitPattern: try cursor.integer(UInt32.self, key)))
    case .float64: return .float64(Double(bitPattern: try cursor.integer(UInt64.self, key)))
    case .bool:
      let byte = try cursor.integer(UInt8.self, key)
      guard byte <= 1 else {
        throw cursor.malformed(key, "is \(byte) where 0 or 1 must be", at: cursor.offset - 1)
      }
      return .bool(byte == 1)
    case .string:
      let length = try cursor.count(ofBytes: 1, key)
      return .string(try cursor.text(length, key))
    case .array: return try array(of: key, depth: depth, &cursor)
    }
  }

  private mutating func array(
    of key: String, depth: Int, _ cursor: inout BinaryCursor
  ) throws(Failure) -> GGUFValue {
    let start = cursor.offset
    guard depth < Self.arrayDepth else {
      throw cursor.malformed(key, "nests arrays more than \(Self.arrayDepth) deep", at: start)
    }
    let kind = try self.kind(key, &cursor)
    let count = try cursor.count(ofBytes: kind.leastSize, key)
    guard count <= Self.valueLimit - values else {
      throw cursor.malformed(key, "claims \(count) values, more than the limit", at: start)
    }
    var elements: [GGUFValue] = []
    elements.reserveCapacity(count)
    for _ in 0..<count {
      elements.append(try value(kind, of: key, depth: depth + 1, &cursor))
    }
    return .array(kind, elements)
  }

  // MARK: Tensors

  private mutating func readTensors(
    _ count: Int, _ cursor: inout BinaryCursor
  ) throws(Failure) {
    var seen: Set<String> = []
    var found: [(name: String, type: GGUFType, shape: [Int], offset: Int, field: Int)] = []
    for index in 0..<count {
      let start = cursor.offset
      let length = try cursor.count(ofBytes: 1, "the name of tensor \(index)")
      let name = try cursor.text(length, "the name of tensor \(index)")
      guard seen.insert(name).inserted else {
        throw cursor.malformed("the tensor \(name)", "is there twice", at: start)
      }
      let shape = try self.shape(of: name, &cursor)
      let place = cursor.offset
      let number = try cursor.integer(UInt32.self, "the type of \(name)")
      guard let type = GGUFType(rawValue: number) else {
        throw cursor.malformed("the type of \(name)", "is \(number), which is not known", at: place)
      }
      let field = cursor.offset
      let offset = try cursor.integer(UInt64.self, "the offset of \(name)")
      guard offset <= UInt64(cursor.bytes.byteCount) else {
        throw cursor.malformed("the offset of \(name)", "is \(offset)", at: field)
      }
      found.append((name, type, shape, Int(offset), field))
    }
    // The data begin at the next multiple of the alignment, and so does each tensor.
    let dataStart = aligned(cursor.offset)
    var expected = 0
    for (name, type, shape, offset, field) in found {
      guard let size = type.byteCount(of: shape) else {
        throw cursor.malformed(
          "the tensor \(name)", "of type \(type.name) has the shape \(shape), which cannot be",
          at: field)
      }
      guard offset == expected else {
        throw cursor.malformed(
          "the offset of \(name)", "is \(offset) where the data before it end at \(expected)",
          at: field)
      }
      guard size <= cursor.bytes.byteCount - dataStart - offset else {
        throw cursor.malformed(
          "the tensor \(name)",
          "needs \(size) bytes from byte \(dataStart + offset) of a file of "
            + "\(cursor.bytes.byteCount)", at: field)
      }
      let begin = dataStart + offset
      tensors.append(GGUFTensor(name: name, type: type, shape: shape, range: begin..<begin + size))
      expected = aligned(offset + size)
    }
    guard cursor.bytes.byteCount <= aligned(dataStart + expected) else {
      throw cursor.malformed(
        "the file", "has \(cursor.bytes.byteCount) bytes", at: dataStart + expected)
    }
  }

  private func shape(
    of name: String, _ cursor: inout BinaryCursor
  ) throws(Failure) -> [Int] {
    let start = cursor.offset
    let rank = try cursor.integer(UInt32.self, "the rank of \(name)")
    guard rank <= 4 else {
      throw cursor.malformed("the rank of \(name)", "is \(rank)", at: start)
    }
    var shape: [Int] = []
    for _ in 0..<rank {
      let place = cursor.offset
      let extent = try cursor.integer(UInt64.self, "the shape of \(name)")
      guard extent <= UInt64(Int.max) else {
        throw cursor.malformed("the shape of \(name)", "has the extent \(extent)", at: place)
      }
      shape.insert(Int(extent), at: 0)
    }
    return shape
  }

  /// The next multiple of the alignment; offsets are far below where this overflows.
  private func aligned(_ offset: Int) -> Int { (offset + alignment - 1) & ~(alignment - 1) }
}
