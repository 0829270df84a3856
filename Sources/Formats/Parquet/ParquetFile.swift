import Base

/// A Parquet file mapped into memory, and what its footer says of it.
struct ParquetFile {
  /// A column of texts at the top of the schema.
  struct Column: Equatable {
    let name: String
    /// Whether a row may have no value.
    let isOptional: Bool
    /// Where the column lies in each row group, in the order of the leaves.
    let leaf: Int
  }

  /// A part of a column in one row group.
  struct Chunk: Equatable {
    let codec: Int
    let values: Int
    /// Where its pages lie.
    let range: Range<Int>
  }

  struct RowGroup: Equatable {
    let rows: Int
    /// By leaf; nil for one that is no flat text.
    let chunks: [Chunk?]
  }

  let path: Path
  let columns: [Column]
  let groups: [RowGroup]
  let file: MappedFile

  /// Opens a file and reads its footer.
  ///
  /// - Throws: ``Failure`` naming field and byte.
  init(_ path: Path) throws(Failure) {
    let file = try MappedFile(path)
    do throws(Failure) {
      let footer = try Self.footer(file.bytes)
      let leaves = try Self.leaves(footer)
      columns = leaves.enumerated().compactMap { leaf, element in
        element.map { Column(name: $0.name, isOptional: $0.isOptional, leaf: leaf) }
      }
      groups = try Self.groups(footer, leaves: leaves.map { $0 != nil }, size: file.count)
    } catch {
      throw Failure("\(path): \(error.problem)", remedy: error.remedy)
    }
    self.path = path
    self.file = file
  }

  /// The file's own description, from its end.
  static func footer(_ bytes: RawSpan) throws(Failure) -> ThriftValue {
    var end = BinaryCursor(bytes, at: max(0, bytes.byteCount - 8), what: "Parquet")
    guard bytes.byteCount >= 12 else {
      throw end.malformed("the file", "ends before it begins", at: bytes.byteCount)
    }
    let length = Int(try end.integer(UInt32.self, "the footer's length"))
    let magic = try end.raw(4, "the magic")
    guard magic == Array("PAR1".utf8) else {
      let isEncrypted = magic == Array("PARE".utf8)
      throw end.malformed(
        "the magic", isEncrypted ? "says that it is encrypted" : "is not PAR1",
        at: bytes.byteCount - 4)
    }
    guard length <= bytes.byteCount - 12 else {
      throw end.malformed("the footer's length", "is \(length)", at: bytes.byteCount - 8)
    }
    var reader = ThriftReader(
      bytes.extracting(0..<bytes.byteCount - 8), at: bytes.byteCount - 8 - length, what: "Parquet")
    return try reader.structure()
  }

  /// The schema's leaves; nil for one that is no flat text.
  static func leaves(
    _ footer: ThriftValue
  ) throws(Failure) -> [(name: String, isOptional: Bool)?] {
    let schema = footer[2]?.list ?? []
    guard let root = schema.first, let width = root[5]?.size else {
      throw damaged("the schema has no root")
    }
    var leaves: [(name: String, isOptional: Bool)?] = []
    var place = 1
    for _ in 0..<width {
      guard place < schema.count else { throw damaged("the schema ends early") }
      let element = schema[place]
      guard let name = element[4]?.text else {
        throw damaged("the schema's element \(place) has no name")
      }
      // Strings by their old name (UTF8) or their new one; bytes without a name are text in old files.
      let isText = element[1]?.int == 6 && [nil, 0].contains(element[6]?.int)
      if element[5]?.size ?? 0 == 0, isText, element[3]?.int != 2 {
        leaves.append((name, element[3]?.int == 1))
        place += 1
      } else {
        let (count, end) = try skip(schema, from: place)
        leaves += [(name: String, isOptional: Bool)?](repeating: nil, count: count)
        place = end
      }
    }
    return leaves
  }

  /// The leaves under an element, and the element after them.
  private static func skip(
    _ schema: [ThriftValue], from start: Int
  ) throws(Failure) -> (leaves: Int, end: Int) {
    var place = start
    var open = 1
    var leaves = 0
    while open > 0 {
      guard place < schema.count else { throw damaged("the schema ends early") }
      let children = schema[place][5]?.size ?? 0
      guard children <= schema.count else {
        throw damaged("the schema's element \(place) claims \(children) children")
      }
      open += children - 1
      if children == 0 { leaves += 1 }
      place += 1
    }
    return (leaves, place)
  }

  static func groups(
    _ footer: ThriftValue, leaves: [Bool], size: Int
  ) throws(Failure) -> [RowGroup] {
    var groups: [RowGroup] = []
    for (number, group) in (footer[4]?.list ?? []).enumerated() {
      let columns = group[1]?.list ?? []
      guard columns.count == leaves.count, let rows = group[3]?.size else {
        throw damaged("row group \(number) has \(columns.count) columns of \(leaves.count)")
      }
      var chunks: [Chunk?] = []
      for (leaf, column) in columns.enumerated() {
        chunks.append(
          leaves[leaf] ? try chunk(column, "row group \(number), column \(leaf)", size) : nil)
      }
      groups.append(RowGroup(rows: rows, chunks: chunks))
    }
    return groups
  }

  private static func chunk(
    _ column: ThriftValue, _ place: String, _ size: Int
  ) throws(Failure) -> Chunk {
    guard column[1] == nil else { throw damaged("\(place) lies in another file") }
    guard let meta = column[3], let codec = meta[4]?.int, let values = meta[5]?.size,
      let length = meta[7]?.size, let data = meta[9]?.size
    else { throw damaged("\(place) says too little of itself") }
    let dictionary = meta[11]?.size ?? 0
    let start = dictionary > 0 ? min(dictionary, data) : data
    guard start >= 4, start <= size, length <= size - start else {
      throw damaged("\(place) claims the bytes \(start) + \(length) of \(size)")
    }
    return Chunk(codec: codec, values: values, range: start..<start + length)
  }

  static func damaged(_ problem: String) -> Failure {
    Failure("invalid Parquet: \(problem)", remedy: "Copy the file again.")
  }
}
