public import Base

/// All shards of one tokenisation of a version.
public struct TokenShards: Sendable {
  public let folder: Path
  public let manifest: ShardManifest
  public let train: [TokenShard]
  public let validation: [TokenShard]

  /// Opens a folder that ``Tokenization`` wrote.
  ///
  /// - Throws: ``Failure`` if a shard is damaged, or not of the manifest's tokenizer and counts.
  public init(_ folder: Path) throws {
    self.folder = folder
    manifest = try ShardManifest(folder / "shards.yaml")
    var shards: [ShardPart: [TokenShard]] = [:]
    for file in manifest.files {
      let shard = try TokenShard(folder / file.file)
      guard shard.tokenizerHash == manifest.tokenizerHash, shard.part == file.part,
        shard.documents == file.documents, shard.tokens == file.tokens,
        shard.vocabularySize == manifest.vocabularySize
      else {
        throw Failure(
          "\(shard.path) does not fit \(folder / "shards.yaml")",
          remedy: "Tokenise the corpus again.")
      }
      shards[file.part, default: []].append(shard)
    }
    train = shards[.train] ?? []
    validation = shards[.validation] ?? []
  }
}
