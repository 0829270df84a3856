import Base
import Formats

/// The documents of one file, read one by one without those before them.
///
/// Beside `documents-00001.jsonl.zst` lies `documents-00001.index`: magic `KAJIDIDX`, a format number
/// and a zero (u32 each), the number of documents n (u64), n + 1 offsets into the plain text (u64), and
/// the CRC-32C of all before it.
struct DocumentFile: Sendable {
  let path: Path
  /// The number of documents.
  let count: Int
  private let content: SeekableZstdFile
  private let index: MappedFile

  static let magic = Array("KAJIDIDX".utf8)
  static let headerSize = 24

  /// The path of the index of a documents file.
  static func indexPath(_ path: Path) -> Path {
    path.parent / "\(path.name.prefix { $0 != "." }).index"
  }

  init(_ path: Path) throws(Failure) {
    self.path = path
    content = try SeekableZstdFile(path)
    let index = try MappedFile(DocumentFile.indexPath(path))
    count = try DocumentFile.check(index, plain: content.count)
    self.index = index
  }

  private static func check(_ index: MappedFile, plain: Int) throws(Failure) -> Int {
    let bytes = index.bytes
    func damaged(_ reason: String) -> Failure {
      Failure("\(index.path) is damaged: \(reason)", remedy: "Import the corpus again.")
    }
    guard bytes.byteCount >= headerSize + 12 else { throw damaged("it is too short") }
    for (offset, byte) in magic.enumerated()
    where bytes.littleEndian(at: offset, as: UInt8.self) != byte {
      throw damaged("it does not begin as an index does")
    }
    guard bytes.littleEndian(at: 8, as: UInt32.self) == 1 else {
      throw Failure(
        "\(index.path) is of a format this Kaji does not know", remedy: "Use a newer Kaji.")
    }
    let room = (bytes.byteCount - headerSize - 12) / 8
    guard let count = Int(exactly: bytes.littleEndian(at: 16, as: UInt64.self)), count == room,
      bytes.byteCount == headerSize + 12 + 8 * room
    else { throw damaged("its length does not fit its number of documents") }
    let end = bytes.byteCount - 4
    guard bytes.extracting(0..<end).crc32c == bytes.littleEndian(at: end, as: UInt32.self) else {
      throw damaged("its checksum differs")
    }
    var previous = 0
    for document in 0...count {
      let offset = bytes.littleEndian(at: headerSize + 8 * document, as: UInt64.self)
      guard let offset = Int(exactly: offset), offset >= previous, offset <= plain,
        document > 0 || offset == 0
      else { throw damaged("its offsets are out of order") }
      previous = offset
    }
    guard previous == plain else { throw damaged("it does not cover the documents") }
    return count
  }

  /// The record at a place as it is stored.
  ///
  /// - Throws: ``Failure`` if there is no such record or it is damaged.
  func record(_ ordinal: Int) throws(Failure) -> JSON {
    guard ordinal >= 0, ordinal < count else {
      throw Failure(
        "\(path.name) has \(count) documents, none with the number \(ordinal)",
        remedy: "Choose a number below \(count).")
    }
    let index = self.index
    let place = DocumentFile.headerSize + 8 * ordinal
    let start = Int(index.bytes.littleEndian(at: place, as: UInt64.self))
    let end = Int(index.bytes.littleEndian(at: place + 8, as: UInt64.self))
    let line = try content.read(start..<end)
    do { return try JSON.parse(line) } catch {
      throw Failure("\(path), document \(ordinal): \(error.problem)", remedy: "Import it again.")
    }
  }
}

/// Writes one file of documents and its index.
struct DocumentFileWriter {
  let path: Path
  /// The number of documents so far.
  var count: Int { offsets.count - 1 }
  /// Bytes of the file so far, about.
  var compressedCount: Int { content.compressedCount }

  private let content: SeekableZstdWriter
  private var offsets: [UInt64] = [0]

  init(creating path: Path) throws {
    self.path = path
    content = try SeekableZstdWriter(creating: path)
  }

  /// Adds a record, a line with its end.
  mutating func append(_ line: [UInt8]) throws {
    try content.append(line)
    offsets.append(UInt64(content.count))
  }

  /// Ends file and index.
  func finish() throws {
    try content.finish()
    var bytes = DocumentFile.magic
    bytes.reserveCapacity(DocumentFile.headerSize + 8 * offsets.count + 4)
    bytes.appendLittleEndian(UInt32(1))
    bytes.appendLittleEndian(UInt32(0))
    bytes.appendLittleEndian(UInt64(count))
    for offset in offsets { bytes.appendLittleEndian(offset) }
    bytes.appendLittleEndian(crc32c(bytes))
    try Files.write(bytes, to: DocumentFile.indexPath(path))
  }
}
