public import Base

/// The counts of the documents that share subset, language and level. They hold no text.
public struct SubsetStatistics: Equatable, Sendable {
  public let name: String
  public let language: String
  public let level: ReleaseLevel
  public let documents: Int
  /// Unicode characters (scalars).
  public let characters: Int
  /// `nil` where the subset was not tokenised.
  public let tokens: Int?
}

extension CorpusVersion {
  /// The tokenizers, as `NAME@v0003`, with which this version was tokenised, sorted.
  public func tokenizations() throws -> [String] {
    let shards = folder / "shards"
    guard Files.isDirectory(shards) else { return [] }
    return try Files.list(shards).filter { !$0.hasPrefix(".") }
  }

  /// The counts of each subset, in the order of the manifest.
  ///
  /// - Parameter tokenizer: whose tokens to count; the first there is, if `nil`.
  public func statistics(tokenizer: String? = nil) throws -> [SubsetStatistics] {
    let chosen = try tokenizer ?? tokenizations().first
    let shards = try chosen.map { try ShardManifest(folder / "shards" / $0 / "shards.yaml") }
    return manifest.subsets.map { subset in
      let tokens = shards?.subsets.first {
        ($0.name, $0.language, $0.level) == (subset.name, subset.language, subset.level)
      }?.tokens
      return SubsetStatistics(
        name: subset.name, language: subset.language, level: subset.level,
        documents: subset.documents, characters: subset.characters, tokens: tokens)
    }
  }
}
