public import Base

/// A data set of token ids as Megatron-LM stores it: `NAME.bin` and `NAME.idx`.
public struct MegatronDataset: Sendable {
  private let data: MappedFile
  private let index: MegatronIndex

  /// Opens a data set.
  ///
  /// - Parameter prefix: the path without `.bin` and `.idx`.
  /// - Throws: ``Failure`` naming file, field and byte.
  public init(_ prefix: Path) throws(Failure) {
    let path = Path(prefix.string + ".idx")
    data = try MappedFile(Path(prefix.string + ".bin"))
    let file = try MappedFile(path)
    do { index = try MegatronIndex(file.bytes, dataSize: data.count) } catch {
      throw Failure("\(path): \(error.problem)", remedy: error.remedy)
    }
  }

  /// The number of sequences.
  public var count: Int { index.lengths.count }

  /// The sequences of each document.
  public var documents: [Range<Int>] {
    zip(index.documents, index.documents.dropFirst()).map { Int($0)..<Int($1) }
  }

  /// The ids of a sequence.
  ///
  /// - Throws: ``Failure`` if one is negative or beyond 32 bits.
  public func ids(_ sequence: Int) throws(Failure) -> [Int32] {
    let data = self.data
    let bytes = data.bytes
    let start = Int(index.offsets[sequence])
    var ids: [Int32] = []
    ids.reserveCapacity(Int(index.lengths[sequence]))
    for place in 0..<Int(index.lengths[sequence]) {
      let at = start + place * index.element.size
      let id: Int64 =
        switch index.element {
        case .u8: Int64(bytes.byte(at: at))
        case .i8: Int64(Int8(bitPattern: bytes.byte(at: at)))
        case .u16: Int64(bytes.littleEndian(at: at, as: UInt16.self))
        case .i16: Int64(bytes.littleEndian(at: at, as: Int16.self))
        case .i32: Int64(bytes.littleEndian(at: at, as: Int32.self))
        case .i64: bytes.littleEndian(at: at, as: Int64.self)
        case .f32, .f64: -1  // refused when the index was read
        }
      guard let id = Int32(exactly: id), id >= 0 else {
        throw Failure(
          "\(data.path): the id \(id) at byte \(at)", remedy: "Copy the file again.")
      }
      ids.append(id)
    }
    return ids
  }
}

/// Writes a data set of Megatron-LM, sequence after sequence.
public final class MegatronWriter {
  private let prefix: Path
  private let data: OutputFile
  private let element: MegatronIndex.Element
  private var lengths: [Int32] = []
  private var offsets: [Int64] = []
  private var documents: [Int64] = [0]
  private var size: Int64 = 0

  /// Begins a data set.
  ///
  /// - Parameters:
  ///   - prefix: the path without `.bin` and `.idx`.
  ///   - vocabularySize: ids below 65,500 take two bytes each, as Megatron chooses; others four.
  public init(_ prefix: Path, vocabularySize: Int) throws(Failure) {
    self.prefix = prefix
    element = vocabularySize < 65_500 ? .u16 : .i32
    data = try OutputFile(Path(prefix.string + ".bin"))
  }

  /// Adds a sequence; `endsDocument` if the next one begins another document.
  ///
  /// - Throws: ``Failure`` if an id does not fit or the disk refuses.
  public func append(_ ids: [Int32], endsDocument: Bool = true) throws(Failure) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(ids.count * element.size)
    for id in ids {
      guard id >= 0, element == .i32 || id <= UInt16.max else {
        throw Failure(
          "the id \(id) does not fit into \(element.size) bytes",
          remedy: "Give the size of the vocabulary that the ids are of.")
      }
      if element == .u16 {
        bytes.appendLittleEndian(UInt16(id))
      } else {
        bytes.appendLittleEndian(id)
      }
    }
    guard let length = Int32(exactly: ids.count) else {
      throw Failure("a sequence of \(ids.count) ids", remedy: "Cut it.")
    }
    try data.append(bytes)
    lengths.append(length)
    offsets.append(size)
    size += Int64(bytes.count)
    if endsDocument { documents.append(Int64(lengths.count)) }
  }

  /// Ends the data set and brings both files to the disk.
  public func finish() throws {
    try data.finish()
    let index = MegatronIndex(
      element: element, lengths: lengths, offsets: offsets, documents: documents)
    try Files.write(index.serialized, to: Path(prefix.string + ".idx"))
  }
}
