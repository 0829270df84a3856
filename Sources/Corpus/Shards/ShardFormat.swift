import Base

/// The bytes of a token shard.
///
/// A header of 128 bytes, then for n documents n + 1 offsets (u64, in tokens), n references of 16 bytes
/// (u32 version, u32 file, u32 place, u8 level, three zeros), then all ids (u16 or u32). Numbers are
/// little-endian.
///
/// | byte | header |
/// |---|---|
/// | 0 | magic `KAJITOKN` |
/// | 8 | u32 format, 1 |
/// | 12 | u32 bytes of an id, 2 or 4 |
/// | 16 | u64 documents |
/// | 24 | u64 tokens |
/// | 32 | SHA-256 of the tokenizer |
/// | 64 | u32 vocabulary size |
/// | 68 | u32 part: 0 training, 1 validation |
/// | 72 | u32 CRC-32C of all after the header |
/// | 124 | u32 CRC-32C of bytes 0..<124 |
struct ShardFormat {
  static let magic = Array("KAJITOKN".utf8)
  static let headerSize = 128
  static let referenceSize = 16

  var idSize: Int
  var documents: Int
  var tokens: Int
  var tokenizerHash: [UInt8]
  var vocabularySize: Int
  var part: ShardPart
  var bodyChecksum: UInt32

  /// Where the parts of the body begin.
  var referencesStart: Int { ShardFormat.headerSize + 8 * (documents + 1) }
  var idsStart: Int { referencesStart + ShardFormat.referenceSize * documents }
  var fileSize: Int { idsStart + idSize * tokens }

  /// The header as bytes.
  var bytes: [UInt8] {
    var bytes = ShardFormat.magic
    bytes.appendLittleEndian(UInt32(1))
    bytes.appendLittleEndian(UInt32(idSize))
    bytes.appendLittleEndian(UInt64(documents))
    bytes.appendLittleEndian(UInt64(tokens))
    bytes += tokenizerHash
    bytes.appendLittleEndian(UInt32(vocabularySize))
    bytes.appendLittleEndian(part.code)
    bytes.appendLittleEndian(bodyChecksum)
    bytes += [UInt8](repeating: 0, count: 124 - bytes.count)
    bytes.appendLittleEndian(crc32c(bytes))
    return bytes
  }
}

extension ShardFormat {
  /// Reads and checks the header of a shard.
  ///
  /// - Throws: ``Failure`` naming the file.
  init(_ file: RawSpan, path: Path) throws(Failure) {
    func damaged(_ reason: String) -> Failure {
      Failure("\(path) is no sound token shard: \(reason)", remedy: "Tokenise the corpus again.")
    }
    guard file.byteCount >= ShardFormat.headerSize else { throw damaged("it is too short") }
    var header: [UInt8] = []
    for offset in 0..<124 { header.append(file.littleEndian(at: offset, as: UInt8.self)) }
    guard header.starts(with: ShardFormat.magic) else { throw damaged("the first bytes differ") }
    guard crc32c(header) == file.littleEndian(at: 124, as: UInt32.self) else {
      throw damaged("the header's checksum differs")
    }
    guard file.littleEndian(at: 8, as: UInt32.self) == 1 else {
      throw Failure("\(path) is of a format this Kaji does not know", remedy: "Use a newer Kaji.")
    }
    idSize = Int(file.littleEndian(at: 12, as: UInt32.self))
    tokenizerHash = Array(header[32..<64])
    vocabularySize = Int(file.littleEndian(at: 64, as: UInt32.self))
    guard let part = ShardPart(code: file.littleEndian(at: 68, as: UInt32.self)) else {
      throw damaged("its part is neither training nor validation")
    }
    self.part = part
    bodyChecksum = file.littleEndian(at: 72, as: UInt32.self)
    let documents = file.littleEndian(at: 16, as: UInt64.self)
    let tokens = file.littleEndian(at: 24, as: UInt64.self)
    // Both are below the file's size, so that the sizes that follow cannot overflow.
    guard idSize == 2 || idSize == 4, documents < UInt64(file.byteCount),
      tokens < UInt64(file.byteCount)
    else { throw damaged("its counts exceed the file") }
    self.documents = Int(documents)
    self.tokens = Int(tokens)
    guard fileSize == file.byteCount else {
      throw damaged("it has \(file.byteCount) bytes, its counts ask for \(fileSize)")
    }
  }
}

/// What the documents of a shard may be used for.
public enum ShardPart: String, Sendable, CaseIterable {
  /// Documents of L1 to L3.
  case train
  /// Documents held out (LX).
  case validation

  /// The purpose that a document's level must allow.
  var purpose: Purpose { self == .train ? .train : .test }

  /// The number that stands for the part in a shard.
  var code: UInt32 { self == .train ? 0 : 1 }

  init?(code: UInt32) {
    guard let part = ShardPart.allCases.first(where: { $0.code == code }) else { return nil }
    self = part
  }
}

extension ReleaseLevel {
  /// The number that stands for the level in a shard.
  var code: UInt8 {
    switch self {
    case .L1: 1
    case .L2: 2
    case .L3: 3
    case .LX: 4
    case .LZ: 5
    }
  }

  init?(code: UInt8) {
    guard let level = ReleaseLevel.allCases.first(where: { $0.code == code }) else { return nil }
    self = level
  }
}
