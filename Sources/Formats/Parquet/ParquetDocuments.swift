public import Base

/// The documents of a Parquet file: the column `text` or `content`; other columns of text go with it.
///
/// Pages are plain or dictionary-encoded, uncompressed or compressed with snappy, gzip or zstd. Columns that
/// are no flat texts are left out.
public struct ParquetDocuments: DocumentReader {
  private let file: ParquetFile
  private let textColumn: Int
  private var group = -1
  private var columns: [ParquetColumn] = []
  private var left = 0
  private var number = 0

  /// How far the reading has come, in bytes of the file, to the row group.
  public private(set) var consumed = 0

  /// Opens a file.
  ///
  /// - Throws: ``Failure`` if no column of text is called `text` or `content`.
  public init(_ path: Path) throws(Failure) {
    file = try ParquetFile(path)
    let names = file.columns.map(\.name)
    guard let place = names.firstIndex(of: "text") ?? names.firstIndex(of: "content") else {
      throw Failure(
        "\(path) has no column of texts called text or content",
        remedy: "Name the column with the documents text.")
    }
    guard Set(names).count == names.count else {
      throw Failure("\(path) has two columns of one name", remedy: "Rename one.")
    }
    textColumn = place
  }

  public mutating func next() throws(Failure) -> SourceDocument? {
    while left == 0 {
      group += 1
      guard group < file.groups.count else { return nil }
      begin(file.groups[group])
    }
    left -= 1
    number += 1
    var values: [[UInt8]?] = []
    for place in columns.indices {
      do { values.append(try columns[place].next()) } catch {
        throw Failure("\(file.path): row \(number): \(error.problem)", remedy: error.remedy)
      }
    }
    guard let bytes = values[textColumn] else {
      return SourceDocument(number, .skipped(reason: "no text"))
    }
    var fields: [(key: String, value: JSON)] = []
    for (place, value) in values.enumerated() where place != textColumn {
      fields.append(
        (
          file.columns[place].name,
          value.map { JSON(String(decoding: $0, as: UTF8.self)) } ?? .null
        ))
    }
    let isSound = String(validating: bytes, as: UTF8.self) != nil
    return SourceDocument(
      number, .text(String(decoding: bytes, as: UTF8.self)), fields: fields, isRepaired: !isSound)
  }

  private mutating func begin(_ group: ParquetFile.RowGroup) {
    left = group.rows
    columns = file.columns.compactMap { column in
      group.chunks[column.leaf].map {
        ParquetColumn(file.file, $0, isOptional: column.isOptional, name: column.name)
      }
    }
    consumed = max(consumed, group.chunks.compactMap { $0?.range.lowerBound }.min() ?? consumed)
  }
}
