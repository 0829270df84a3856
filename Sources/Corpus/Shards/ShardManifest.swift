public import Base
import Formats

/// What `shards.yaml` says of one tokenisation of a version.
public struct ShardManifest: Equatable, Sendable {
  public struct File: Equatable, Sendable {
    public var file: String
    public var part: ShardPart
    public var documents: Int
    public var tokens: Int
  }

  public struct Subset: Equatable, Sendable {
    public var name: String
    public var language: String
    public var level: ReleaseLevel
    public var part: ShardPart
    public var documents: Int
    public var tokens: Int
  }

  /// As `NAME@v0003`.
  public var tokenizer: String
  /// The SHA-256 of the tokenizer as 64 hexadecimal digits.
  public var tokenizerHash: String
  public var vocabularySize: Int
  public var bos: Int32
  public var eos: Int32
  public var files: [File]
  /// The subsets that are in the shards.
  public var subsets: [Subset]

  /// The tokens of a part.
  public func tokens(_ part: ShardPart) -> Int {
    files.filter { $0.part == part }.reduce(0) { $0 + $1.tokens }
  }

  var json: JSON {
    [
      "tokenizer": .string(tokenizer), "tokenizer_sha256": .string(tokenizerHash),
      "vocabulary_size": JSON(vocabularySize), "bos": JSON(Int(bos)), "eos": JSON(Int(eos)),
      "files": .array(
        files.map {
          [
            "file": .string($0.file), "part": .string($0.part.rawValue),
            "documents": JSON($0.documents), "tokens": JSON($0.tokens),
          ]
        }),
      "subsets": .array(
        subsets.map {
          [
            "name": .string($0.name), "language": .string($0.language),
            "level": .string($0.level.rawValue), "part": .string($0.part.rawValue),
            "documents": JSON($0.documents), "tokens": JSON($0.tokens),
          ]
        }),
    ]
  }

  /// Reads a `shards.yaml`.
  ///
  /// - Throws: ``Failure`` naming file, line and field.
  public init(_ path: Path) throws {
    var fields = try YAML.read(path).fields()
    tokenizer = try fields.string("tokenizer")
    tokenizerHash = try fields.string("tokenizer_sha256")
    vocabularySize = try fields.int("vocabulary_size")
    bos = Int32(try fields.int("bos", in: 0...Int(Int32.max)))
    eos = Int32(try fields.int("eos", in: 0...Int(Int32.max)))
    files = try fields.each("files") { fields throws(Failure) in
      try File(
        file: fields.fileName("file"), part: fields.choice("part"),
        documents: fields.int("documents"), tokens: fields.int("tokens"))
    }
    subsets = try fields.each("subsets") { fields throws(Failure) in
      try Subset(
        name: fields.string("name"), language: fields.string("language"),
        level: fields.choice("level"), part: fields.choice("part"),
        documents: fields.int("documents"), tokens: fields.int("tokens"))
    }
  }

  init(
    tokenizer: String, tokenizerHash: String, vocabularySize: Int, bos: Int32, eos: Int32,
    files: [File], subsets: [Subset]
  ) {
    self.tokenizer = tokenizer
    self.tokenizerHash = tokenizerHash
    self.vocabularySize = vocabularySize
    self.bos = bos
    self.eos = eos
    self.files = files
    self.subsets = subsets
  }

  func write(to path: Path) throws { try Files.write(YAML.text(json), to: path) }
}
