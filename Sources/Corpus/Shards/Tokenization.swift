public import Base
import Synchronization

/// Turns the documents of a version into token shards: `shards/TOKENIZER@VERSION/` in its folder.
///
/// Training shards hold the documents of L1 to L3, the validation shard those of held-out subsets of
/// level LX. No other document of LX, and none of LZ, is read.
public struct Tokenization: Sendable {
  public let version: CorpusVersion
  /// As `NAME@v0003`.
  public let tokenizer: String
  /// The LX subsets that become the validation shard.
  public var heldOut = ["heldout"]
  public var pool = ThreadPool.shared
  public var progress: any ProgressReporter = SilentProgress()
  public var cancellation: CancellationFlag?
  /// The most tokens of a shard.
  public var shardLimit = 1 << 26

  public init(_ version: CorpusVersion, tokenizer: String) {
    self.version = version
    self.tokenizer = tokenizer
  }

  /// Where the shards are or will be.
  public var folder: Path { version.folder / "shards" / tokenizer }

  /// Writes the shards. The same tokenizer's shards that are there already are taken as they are.
  ///
  /// The bytes do not depend on the number of threads.
  /// - Throws: ``Failure`` if the shards there are of a different tokenizer, or the disk refuses.
  public func run(_ encoder: some TextEncoder) throws -> TokenShards {
    guard Name.isValid(tokenizer.split(separator: "@").joined()) else {
      throw Failure(
        "\(Sanitiser.visible(tokenizer)) cannot name a tokenizer", remedy: "Use NAME@VERSION.")
    }
    if Files.exists(folder) { return try standing(encoder) }
    guard let hash = bytes(ofHexadecimal: encoder.hash), hash.count == 32 else {
      throw Failure(
        "the tokenizer's hash is no SHA-256", remedy: "This is a mistake in Kaji: report it.")
    }
    let parent = version.folder / "shards"
    try Files.makeDirectory(parent)
    try sweep(parent)
    let staging = parent / Draft(tokenizer).name
    try Files.makeDirectory(staging)
    do {
      let size = version.manifest.subsets.reduce(0) { $0 + $1.bytes }
      try Files.requireFree(
        2 * size + min(2 * size, 4 * shardLimit) + (1 << 20), at: staging, for: "tokenising")
      try write(encoder, hash, into: staging)
      try Files.sync(staging)
      try Files.rename(staging, to: folder)
      try Files.sync(parent)
    } catch {
      try? Files.remove(staging)
      // Another process may have been faster with the same work.
      if Files.exists(folder) { return try standing(encoder) }
      throw error
    }
    return try TokenShards(folder)
  }

  /// The shards that are there.
  private func standing(_ encoder: some TextEncoder) throws -> TokenShards {
    let shards = try TokenShards(folder)
    guard shards.manifest.tokenizerHash == encoder.hash else {
      throw Failure(
        "\(folder) was made by a tokenizer of the same name with other content",
        remedy: "Give the tokenizer a new version.")
    }
    return shards
  }

  /// Removes what processes of this host that died left of shards.
  private func sweep(_ parent: Path) throws {
    for case let draft? in try Files.list(parent).map(Draft.init(named:))
    where draft.writer.isAlive == false {
      try Files.remove(parent / draft.name)
    }
  }

  private func part(of file: CorpusManifest.File) -> ShardPart? {
    if file.level.allows(.train) { return .train }
    return heldOut.contains(file.subset) && file.level.allows(.test) ? .validation : nil
  }

  private func write(_ encoder: some TextEncoder, _ hash: [UInt8], into staging: Path) throws {
    func writer(_ part: ShardPart) -> TokenShardWriter {
      TokenShardWriter(
        folder: staging, part: part, tokenizerHash: hash, vocabularySize: encoder.vocabularySize,
        tokenLimit: shardLimit)
    }
    var writers: [ShardPart: TokenShardWriter] = [
      .train: writer(.train), .validation: writer(.validation),
    ]
    var subsets: [ShardManifest.Subset] = []
    let total = version.manifest.files.filter { part(of: $0) != nil }.reduce(0) {
      $0 + $1.documents
    }
    var done = 0
    var tokens = 0
    for file in version.manifest.files {
      guard let part = part(of: file) else { continue }
      var start = 0
      while start < file.documents {
        try cancellation?.check("tokenising")
        // The batches are cut by the documents alone, so that threads change nothing.
        let batch = try version.documents(file: file.number, start..<start + 256)
        let encoded = try encode(batch, for: part.purpose, encoder)
        for (document, ids) in zip(batch, encoded) {
          try writers[part]?.append(document.id, level: document.level, ids)
          tokens += ids.count
        }
        count(batch.count, encoded.reduce(0) { $0 + $1.count }, file, part, in: &subsets)
        start += batch.count
        done += batch.count
        progress.update(
          ProgressState(
            stage: "tokenising", done: done, total: total, unit: "documents",
            note: "\(Format.short(Double(tokens))) tokens"))
      }
    }
    var files: [ShardManifest.File] = []
    for part in [ShardPart.train, .validation] {
      try writers[part]?.flush()
      files += writers[part]?.files ?? []
    }
    try ShardManifest(
      tokenizer: tokenizer, tokenizerHash: encoder.hash, vocabularySize: encoder.vocabularySize,
      bos: encoder.bos, eos: encoder.eos, files: files, subsets: subsets
    ).write(to: staging / "shards.yaml")
  }

  private func encode(
    _ batch: [Document], for purpose: Purpose, _ encoder: some TextEncoder
  ) throws -> [[Int32]] {
    let texts = try batch.map { try $0.text.text(for: purpose) }
    let encoded = Mutex([[Int32]](repeating: [], count: texts.count))
    pool.run(texts.count) { index in
      let ids = encoder.encode(texts[index])
      encoded.withLock { $0[index] = ids }
    }
    return encoded.withLock { $0 }
  }

  private func count(
    _ documents: Int, _ tokens: Int, _ file: CorpusManifest.File, _ part: ShardPart,
    in subsets: inout [ShardManifest.Subset]
  ) {
    let index = subsets.firstIndex {
      ($0.name, $0.language, $0.level) == (file.subset, file.language, file.level)
    }
    if let index {
      subsets[index].documents += documents
      subsets[index].tokens += tokens
    } else {
      subsets.append(
        ShardManifest.Subset(
          name: file.subset, language: file.language, level: file.level, part: part,
          documents: documents, tokens: tokens))
    }
  }
}

/// The bytes that hexadecimal digits stand for.
private func bytes(ofHexadecimal text: String) -> [UInt8]? {
  let digits = Array(text)
  guard digits.count % 2 == 0 else { return nil }
  var bytes: [UInt8] = []
  for index in stride(from: 0, to: digits.count, by: 2) {
    guard digits[index].isASCII, digits[index + 1].isASCII,
      let high = digits[index].hexDigitValue, let low = digits[index + 1].hexDigitValue
    else { return nil }
    bytes.append(UInt8(high << 4 | low))
  }
  return bytes
}
