import Base

/// Hands out the values of one column in one row group, page after page.
struct ParquetColumn {
  /// The most plain bytes of a page.
  private static let pageLimit = 1 << 28

  private let file: MappedFile
  private let chunk: ParquetFile.Chunk
  private let isOptional: Bool
  private let name: String
  /// Where the next page's head begins.
  private var place: Int
  private var dictionary: [[UInt8]] = []
  private var left = 0
  private var levels: HybridDecoder?
  private var values = Values.none

  /// Where the values of a page lie.
  private enum Values {
    case none
    case plain([UInt8], at: Int)
    case dictionary(HybridDecoder)
  }

  init(_ file: MappedFile, _ chunk: ParquetFile.Chunk, isOptional: Bool, name: String) {
    self.file = file
    self.chunk = chunk
    self.isOptional = isOptional
    self.name = name
    place = chunk.range.lowerBound
  }

  /// The value of the next row: its bytes, or nil for none.
  ///
  /// - Throws: ``Failure`` naming column and byte, if the column ends early or a page is damaged.
  mutating func next() throws(Failure) -> [UInt8]? {
    while left == 0 { try page() }
    left -= 1
    if levels != nil {
      guard let level = levels?.next(), level <= 1 else { throw damaged("has too few levels") }
      if level == 0 { return nil }
    }
    switch values {
    case .none: throw damaged("has no values")
    case .plain(let bytes, let at):
      let (value, next) = try Self.text(bytes, at) { damaged($0) }
      values = .plain(bytes, at: next)
      return value
    case .dictionary(var decoder):
      // The array that the decoder reads is shared; only its place is copied.
      guard let index = decoder.next(), index < dictionary.count else {
        throw damaged("names a value that its dictionary lacks")
      }
      values = .dictionary(decoder)
      return dictionary[index]
    }
  }

  // MARK: Pages

  private mutating func page() throws(Failure) {
    guard place < chunk.range.upperBound else { throw damaged("ends before its row group") }
    let file = self.file
    let bytes = file.bytes.extracting(0..<chunk.range.upperBound)
    var reader = ThriftReader(bytes, at: place, what: "Parquet")
    let head = try reader.structure()
    let start = reader.cursor.offset
    guard let type = head[1]?.int, let size = head[2]?.size, let stored = head[3]?.size,
      size <= Self.pageLimit, stored <= reader.cursor.left
    else { throw damaged("has a page of no valid size") }
    let content = try reader.raw(stored)
    place = start + stored
    switch type {
    case 0: try dataPage(head, content, size)
    case 2: try dictionaryPage(head, content, size)
    case 3: try secondDataPage(head, content, size)
    default: break  // an index
    }
  }

  private mutating func dictionaryPage(
    _ head: ThriftValue, _ content: [UInt8], _ size: Int
  ) throws(Failure) {
    let plain = try decompressed(content, size)
    guard let count = head[7]?[1]?.size, count <= plain.count / 4,
      [0, 2].contains(head[7]?[2]?.int ?? -1)
    else { throw damaged("has a dictionary of no valid size or encoding") }
    dictionary = []
    var at = 0
    for _ in 0..<count {
      let (value, next) = try Self.text(plain, at) { damaged($0) }
      dictionary.append(value)
      at = next
    }
  }

  private mutating func dataPage(
    _ head: ThriftValue, _ content: [UInt8], _ size: Int
  ) throws(Failure) {
    let plain = try decompressed(content, size)
    guard let count = head[5]?[1]?.size, let encoding = head[5]?[2]?.int, count <= 1 << 31 else {
      throw damaged("has a page without a head of its own")
    }
    var at = 0
    levels = nil
    if isOptional {
      guard head[5]?[3]?.int == 3, plain.count >= 4 else {
        throw damaged("has levels in an encoding that is not read")
      }
      let length = Int(plain.littleEndian(at: 0, as: UInt32.self))
      guard length <= plain.count - 4 else { throw damaged("has levels of \(length) bytes") }
      levels = HybridDecoder(plain, 4..<4 + length, width: 1)
      at = 4 + length
    }
    try begin(plain, at, count, encoding)
  }

  /// A page of the second version: its levels come first and are never compressed.
  private mutating func secondDataPage(
    _ head: ThriftValue, _ content: [UInt8], _ size: Int
  ) throws(Failure) {
    guard let own = head[8], let count = own[1]?.size, let encoding = own[4]?.int,
      let defined = own[5]?.size, let repeated = own[6]?.size, count <= 1 << 31,
      defined <= content.count, repeated <= content.count - defined,
      defined + repeated <= size
    else { throw damaged("has a page without a head of its own") }
    let body = Array(content[(defined + repeated)...])
    let isCompressed = own[7]?.bool ?? true
    let plain = try isCompressed ? decompressed(body, size - defined - repeated) : body
    levels =
      isOptional ? HybridDecoder(content, repeated..<repeated + defined, width: 1) : nil
    try begin(plain, 0, count, encoding)
  }

  private mutating func begin(
    _ plain: [UInt8], _ at: Int, _ count: Int, _ encoding: Int
  ) throws(Failure) {
    left = count
    switch encoding {
    case 0: values = .plain(plain, at: at)
    case 2, 8:
      // No value at all needs no width.
      guard at < plain.count else {
        values = .none
        return
      }
      let width = Int(plain[at])
      guard width <= 32 else { throw damaged("has indices of \(width) bits") }
      values = .dictionary(HybridDecoder(plain, at + 1..<plain.count, width: width))
    default:
      throw Failure(
        "the column \(Sanitiser.visible(name)) is in the encoding \(encoding)",
        remedy: "Write it with the plain or the dictionary encoding.")
    }
  }

  private static func text(
    _ bytes: [UInt8], _ at: Int, _ error: (String) -> Failure
  ) throws(Failure) -> ([UInt8], next: Int) {
    guard bytes.count - at >= 4 else { throw error("ends within a value") }
    let length = Int(bytes.littleEndian(at: at, as: UInt32.self))
    guard length <= bytes.count - at - 4 else { throw error("has a value of \(length) bytes") }
    return (Array(bytes[(at + 4)..<(at + 4 + length)]), at + 4 + length)
  }

  private func decompressed(_ bytes: [UInt8], _ size: Int) throws(Failure) -> [UInt8] {
    let plain: [UInt8]
    do throws(DamagedData) {
      switch chunk.codec {
      case 0: plain = bytes
      case 1: plain = try Snappy.decode(bytes, size: size)
      case 2: plain = try Self.stream(.gzip, bytes, size)
      case 6: plain = try Self.stream(.zstd, bytes, size)
      default: throw DamagedData(reason: "the codec \(chunk.codec) is not read")
      }
    } catch { throw damaged("cannot be decompressed: \(error.reason)") }
    guard plain.count == size else {
      throw damaged("has a page of \(plain.count) bytes where \(size) were announced")
    }
    return plain
  }

  /// What a stream holds, until it is more than was announced.
  private static func stream(
    _ compression: Compression, _ bytes: [UInt8], _ size: Int
  ) throws(DamagedData) -> [UInt8] {
    let stream: any StreamDecoder
    do throws(Failure) {
      if compression == .gzip { stream = try GzipDecoder() } else { stream = try ZstdDecoder() }
    } catch { throw DamagedData(reason: error.problem) }
    var plain: [UInt8] = []
    var position = 0
    while plain.count <= size {
      let before = (position, plain.count)
      try stream.decode(bytes, from: &position, into: &plain, room: 1 << 16)
      if (position, plain.count) == before { break }
    }
    return plain
  }

  private func damaged(_ problem: String) -> Failure {
    ParquetFile.damaged(
      "the column \(Sanitiser.visible(name)) before byte \(place) \(problem)")
  }
}

extension ThriftReader {
  /// The bytes that follow.
  fileprivate mutating func raw(_ count: Int) throws(Failure) -> [UInt8] {
    try cursor.raw(count, "a page")
  }
}
