import Base

/// Collects tokenised documents and writes them as shards of bounded size.
///
/// A shard's ids stand at its end, behind what is known only when all of them are: until then they wait in a file
/// of their own, so that the memory needed does not grow with the shard but by 24 bytes a document.
struct TokenShardWriter {
  /// The most documents of a shard.
  private static let documentLimit = 1 << 20
  /// Bytes after which ids go to their file.
  private static let piece = 1 << 20

  /// The most tokens of a shard, unless one document alone has more.
  let tokenLimit: Int
  private let folder: Path
  private let part: ShardPart
  private let tokenizerHash: [UInt8]
  private let vocabularySize: Int

  private var offsets: [UInt64] = [0]
  private var references: [UInt8] = []
  private var tokens = 0
  /// Ids that are not in their file yet.
  private var ids: [UInt8] = []
  private var spool: AppendFile?
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
    if self.tokens > 0 && self.tokens + tokens.count > tokenLimit
      || offsets.count > Self.documentLimit
    {
      try flush()
    }
    for token in tokens {
      guard token >= 0, token < vocabularySize else {
        throw Failure(
          "the tokenizer gave the id \(token) with a vocabulary of \(vocabularySize)",
          remedy: "Use another tokenizer.")
      }
    }
    for token in tokens {
      if idSize == 2 {
        ids.appendLittleEndian(UInt16(truncatingIfNeeded: token))
      } else {
        ids.appendLittleEndian(UInt32(bitPattern: token))
      }
    }
    if ids.count >= Self.piece { try spoolIDs() }
    self.tokens += tokens.count
    offsets.append(UInt64(self.tokens))
    references.appendLittleEndian(UInt32(clamping: id.version))
    references.appendLittleEndian(UInt32(clamping: id.file))
    references.appendLittleEndian(UInt32(clamping: id.ordinal))
    references += [level.code, 0, 0, 0]
  }

  private var idSize: Int { vocabularySize <= 1 << 16 ? 2 : 4 }

  private var spoolPath: Path { folder / ".\(part.rawValue)-ids.tmp" }

  private mutating func spoolIDs() throws {
    let file = try spool ?? AppendFile(creating: spoolPath)
    spool = file
    try file.append(ids)
    ids.removeAll(keepingCapacity: true)
  }

  /// Hands on all ids, piece by piece.
  private func forEachPiece(_ body: ([UInt8]) throws -> Void) throws {
    var reader = try FileReader(spoolPath)
    var bytes: [UInt8] = []
    while try reader.read(into: &bytes, upTo: Self.piece) > 0 {
      try body(bytes)
      bytes.removeAll(keepingCapacity: true)
    }
  }

  /// Writes what has been collected, if anything.
  mutating func flush() throws {
    guard offsets.count > 1 else { return }
    try spoolIDs()
    var front: [UInt8] = []
    front.reserveCapacity(8 * offsets.count + references.count)
    for offset in offsets { front.appendLittleEndian(offset) }
    front += references
    var checksum = CRC32C()
    checksum.update(front.span)
    try forEachPiece { checksum.update($0.span) }
    let format = ShardFormat(
      idSize: idSize, documents: offsets.count - 1, tokens: tokens,
      tokenizerHash: tokenizerHash, vocabularySize: vocabularySize, part: part,
      bodyChecksum: checksum.value)
    let name = "\(part.rawValue)-\(Format.pad(files.count + 1, 5)).shard"
    let file = try AppendFile(creating: folder / name)
    try file.append(format.bytes)
    try file.append(front)
    try forEachPiece { try file.append($0) }
    try file.sync()
    file.close()
    spool?.close()
    spool = nil
    try Files.remove(spoolPath)
    files.append(
      ShardManifest.File(
        file: name, part: part, documents: format.documents, tokens: format.tokens))
    offsets = [0]
    tokens = 0
    references.removeAll(keepingCapacity: true)
  }
}
