import Base

/// The `.idx` of a data set of Megatron-LM: where its sequences lie in the `.bin`.
struct MegatronIndex: Equatable {
  static let magic = Array("MMIDIDX\0\0".utf8)

  /// How ids are stored, by the format's numbers.
  enum Element: UInt8 {
    case u8 = 1, i8, i16, i32, i64, f64, f32, u16

    /// Bytes.
    var size: Int {
      switch self {
      case .u8, .i8: 1
      case .i16, .u16: 2
      case .i32, .f32: 4
      case .i64, .f64: 8
      }
    }
  }

  let element: Element
  /// The ids of each sequence.
  let lengths: [Int32]
  /// Where each begins in the `.bin`, bytes.
  let offsets: [Int64]
  /// The sequence with which each document begins, and one after the last.
  let documents: [Int64]

  init(element: Element, lengths: [Int32], offsets: [Int64], documents: [Int64]) {
    self.element = element
    self.lengths = lengths
    self.offsets = offsets
    self.documents = documents
  }

  /// Reads an index.
  ///
  /// - Parameter dataSize: the bytes of the `.bin`.
  /// - Throws: ``Failure`` naming field and byte.
  init(_ bytes: RawSpan, dataSize: Int) throws(Failure) {
    var cursor = BinaryCursor(bytes, what: "Megatron index")
    guard try cursor.raw(9, "the magic") == Self.magic else {
      throw cursor.malformed("the magic", "is not MMIDIDX", at: 0)
    }
    let version = try cursor.integer(UInt64.self, "the version")
    guard version == 1 else {
      throw cursor.malformed("the version", "is \(version), not 1", at: 9)
    }
    let code = try cursor.integer(UInt8.self, "the element type")
    guard let element = Element(rawValue: code), element != .f32, element != .f64 else {
      throw cursor.malformed("the element type", "is \(code), which is none of ids", at: 17)
    }
    let sequences = try cursor.count(ofBytes: 12, "the number of sequences")
    let documents = try cursor.count(ofBytes: 8, "the number of documents")
    try cursor.need(12 * sequences + 8 * documents, "the sequences")
    var lengths: [Int32] = []
    for index in 0..<sequences {
      let length = try cursor.integer(Int32.self, "the length of sequence \(index)")
      guard length >= 0 else {
        throw cursor.malformed(
          "the length of sequence \(index)", "is \(length)", at: cursor.offset - 4)
      }
      lengths.append(length)
    }
    var offsets: [Int64] = []
    for index in 0..<sequences {
      let offset = try cursor.integer(Int64.self, "the place of sequence \(index)")
      let size = Int(lengths[index]) * element.size
      guard offset >= 0, offset <= dataSize, size <= dataSize - Int(offset) else {
        throw cursor.malformed(
          "the place of sequence \(index)", "is \(offset), with \(size) bytes of \(dataSize)",
          at: cursor.offset - 8)
      }
      offsets.append(offset)
    }
    var starts: [Int64] = []
    for index in 0..<documents {
      let start = try cursor.integer(Int64.self, "the start of document \(index)")
      guard start >= starts.last ?? 0, start <= sequences else {
        throw cursor.malformed(
          "the start of document \(index)", "is \(start)", at: cursor.offset - 8)
      }
      starts.append(start)
    }
    guard cursor.left == 0 else {
      throw cursor.malformed("the end", "has \(cursor.left) bytes after it", at: cursor.offset)
    }
    self.init(element: element, lengths: lengths, offsets: offsets, documents: starts)
  }

  /// The file's bytes.
  var serialized: [UInt8] {
    var bytes = Self.magic
    bytes.appendLittleEndian(UInt64(1))
    bytes.append(element.rawValue)
    bytes.appendLittleEndian(UInt64(lengths.count))
    bytes.appendLittleEndian(UInt64(documents.count))
    for length in lengths { bytes.appendLittleEndian(length) }
    for offset in offsets { bytes.appendLittleEndian(offset) }
    for start in documents { bytes.appendLittleEndian(start) }
    return bytes
  }
}
