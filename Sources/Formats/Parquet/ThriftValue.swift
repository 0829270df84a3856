import Base

/// A value in Thrift's compact protocol, in which Parquet writes what it says of itself.
indirect enum ThriftValue: Equatable {
  case bool(Bool)
  case integer(Int64)
  case double(Double)
  case bytes([UInt8])
  case list([ThriftValue])
  /// Fields by their numbers.
  case structure([Int: ThriftValue])

  /// A field of a structure.
  subscript(field: Int) -> ThriftValue? {
    if case .structure(let fields) = self { fields[field] } else { nil }
  }

  /// The number, if it is one that is not negative.
  var size: Int? { if case .integer(let value) = self, value >= 0 { Int(value) } else { nil } }
  var int: Int? { if case .integer(let value) = self { Int(value) } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var list: [ThriftValue]? { if case .list(let values) = self { values } else { nil } }
  var text: String? {
    if case .bytes(let bytes) = self { String(validating: bytes, as: UTF8.self) } else { nil }
  }
}

/// Reads Thrift's compact protocol (apache/thrift, thrift-compact-protocol.md).
struct ThriftReader: ~Escapable {
  var cursor: BinaryCursor
  /// Values read so far; their number bounds the memory.
  private var values = 0

  private static let valueLimit = 1 << 22
  private static let deepest = 32

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan, at offset: Int, what: String) {
    cursor = BinaryCursor(bytes, at: offset, what: what)
  }

  /// A structure, from its first field to its stop.
  ///
  /// - Throws: ``Failure`` naming the byte.
  mutating func structure(depth: Int = 0) throws(Failure) -> ThriftValue {
    guard depth < Self.deepest else { throw malformed("nests more than \(Self.deepest) deep") }
    var fields: [Int: ThriftValue] = [:]
    var number = 0
    while true {
      let head = try cursor.integer(UInt8.self, "a field")
      let type = head & 15
      if type == 0 { return .structure(fields) }
      if head >> 4 == 0 {
        number = Int(Int16(truncatingIfNeeded: try zigzag()))
      } else {
        number += Int(head >> 4)
      }
      // The type of a field that is a truth value says which.
      switch type {
      case 1: fields[number] = .bool(true)
      case 2: fields[number] = .bool(false)
      default: fields[number] = try value(type, depth: depth)
      }
    }
  }

  private mutating func value(_ type: UInt8, depth: Int) throws(Failure) -> ThriftValue {
    values += 1
    guard values <= Self.valueLimit else { throw malformed("has too many values") }
    switch type {
    case 1, 2: return .bool(try cursor.integer(UInt8.self, "a truth value") == 1)
    case 3: return .integer(Int64(try cursor.integer(Int8.self, "a byte")))
    case 4, 5, 6: return .integer(try zigzag())
    case 7: return .double(Double(bitPattern: try cursor.integer(UInt64.self, "a number")))
    case 8:
      let length = try varint()
      guard length <= UInt64(cursor.left) else { throw malformed("claims \(length) bytes of text") }
      return .bytes(try cursor.raw(Int(length), "a text"))
    case 9, 10: return .list(try list(depth: depth))
    case 11: return .list(try map(depth: depth))
    case 12: return try structure(depth: depth + 1)
    default: throw malformed("has a value of type \(type)")
    }
  }

  private mutating func list(depth: Int) throws(Failure) -> [ThriftValue] {
    guard depth < Self.deepest else { throw malformed("nests more than \(Self.deepest) deep") }
    let head = try cursor.integer(UInt8.self, "a list")
    let count = try head >> 4 == 15 ? varint() : UInt64(head >> 4)
    guard count <= UInt64(cursor.left) else { throw malformed("claims a list of \(count)") }
    var elements: [ThriftValue] = []
    for _ in 0..<count { elements.append(try value(head & 15, depth: depth + 1)) }
    return elements
  }

  /// Keys and values in turn; nothing here reads them.
  private mutating func map(depth: Int) throws(Failure) -> [ThriftValue] {
    guard depth < Self.deepest else { throw malformed("nests more than \(Self.deepest) deep") }
    let count = try varint()
    guard count <= UInt64(cursor.left) else { throw malformed("claims a map of \(count)") }
    guard count > 0 else { return [] }
    let types = try cursor.integer(UInt8.self, "a map")
    var elements: [ThriftValue] = []
    for _ in 0..<count {
      elements.append(try value(types >> 4, depth: depth + 1))
      elements.append(try value(types & 15, depth: depth + 1))
    }
    return elements
  }

  private mutating func zigzag() throws(Failure) -> Int64 {
    let number = try varint()
    return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
  }

  private mutating func varint() throws(Failure) -> UInt64 {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let byte = try cursor.integer(UInt8.self, "a number")
      guard shift < 63 || byte <= 1 else { break }
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
    }
    throw malformed("has a number of more than 64 bits")
  }

  private func malformed(_ problem: String) -> Failure {
    cursor.malformed("what it says of itself", problem, at: cursor.offset)
  }
}
