import Base

/// Collects tokenised documents and writes them as shards of bounded size.
struct TokenShardWriter {
  /// The most tokens of a shard, unless one document alone has more.
  let tokenLimit: Int
  private let folder: Path
  private let part: ShardPart
  private let tokenizerHash: [UInt8]
  private let vocabularySize: Int

  private var offsets: [UInt64] = [0]
  private var references: [UInt8] = []
  private var ids: [Int32] = []
  private(set) var files: [ShardManifest.File] = []

  init(
    folder: Path, part: ShardPart, tokenizerHash: [UInt8], vocabularySize: Int,
    tokenLimit: Int = 1 << 26
  ) {
    self.folder = folder
    self.part = part
    self.tokenizerHash = tokenizerHash
    self.vocabularySize = vocabularySize
    self.tokenLimit = tokenLimit
  }

  /// Adds a document; a level that the part forbids is a mistake of the caller.
  mutating func append(_ id: DocumentID, level: ReleaseLevel, _ tokens: [Int32]) throws {
    precondition(
      level.allows(part.purpose), "a document of level \(level) for the part \(part.rawValue)")
    if !ids.isEmpty, ids.count + tokens.count > tokenLimit { try flush() }
    for token in tokens {
      guard token >= 0, token < vocabularySize else {
        throw Failure(
          "the tokenizer gave the id \(token) with a vocabulary of \(vocabularySize)",
          remedy: "Use another tokenizer.")
      }
    }
    ids += tokens
    offsets.append(UInt64(ids.count))
    references.appendLittleEndian(UInt32(clamping: id.version))
    references.appendLittleEndian(UInt32(clamping: id.file))
    references.appendLittleEndian(UInt32(clamping: id.ordinal))
    references += [level.code, 0, 0, 0]
  }

  /// Writes what has been collected, if anything.
  mutating func flush() throws {
    guard offsets.count > 1 else { return }
    let idSize = vocabularySize <= 1 << 16 ? 2 : 4
    var body: [UInt8] = []
    body.reserveCapacity(8 * offsets.count + references.count + idSize * ids.count)
    for offset in offsets { body.appendLittleEndian(offset) }
    body += references
    for id in ids {
      if idSize == 2 {
        body.appendLittleEndian(UInt16(truncatingIfNeeded: id))
      } else {
        body.appendLittleEndian(UInt32(bitPattern: id))
      }
    }
    let format = ShardFormat(
      idSize: idSize, documents: offsets.count - 1, tokens: ids.count,
      tokenizerHash: tokenizerHash, vocabularySize: vocabularySize, part: part,
      bodyChecksum: crc32c(body))
    let name = "\(part.rawValue)-\(Format.pad(files.count + 1, 5)).shard"
    let file = try AppendFile(creating: folder / name)
    try file.append(format.bytes)
    try file.append(body)
    try file.sync()
    file.close()
    files.append(
      ShardManifest.File(
        file: name, part: part, documents: format.documents, tokens: format.tokens))
    offsets = [0]
    references.removeAll(keepingCapacity: true)
    ids.removeAll(keepingCapacity: true)
  }
}
