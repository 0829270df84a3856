public import Base
import Formats

/// What `corpus.yaml` says of a version.
public struct CorpusManifest: Equatable, Sendable {
  /// Documents that share subset, language and level.
  public struct Subset: Equatable, Sendable {
    public var name: String
    public var language: String
    public var level: ReleaseLevel
    public var documents: Int
    /// Unicode characters (scalars).
    public var characters: Int
    /// Bytes as UTF-8.
    public var bytes: Int
  }

  /// One file of documents, all of one subset, language and level.
  public struct File: Equatable, Sendable {
    /// From 1; part of the ids of its documents.
    public var number: Int
    public var file: String
    public var subset: String
    public var language: String
    public var level: ReleaseLevel
    public var documents: Int
    public var bytes: Int
    public var sha256: String
  }

  /// A file from outside that went into this version.
  public struct Source: Equatable, Sendable {
    public var file: String
    public var sha256: String
    public var subset: String
    public var language: String
    public var level: ReleaseLevel
    public var documents: Int
    /// Lines that were skipped; `quarantine.jsonl` names them.
    public var malformed: Int
    /// Lines with invalid UTF-8 that was replaced.
    public var repaired: Int
  }

  public var name: String
  public var version: Int
  /// The version this one was made from.
  public var parent: Int?
  /// `import` or `dedup`.
  public var operation: String
  public var subsets: [Subset] = []
  public var files: [File] = []
  public var sources: [Source] = []

  init(name: String, version: Int, parent: Int?, operation: String) {
    self.name = name
    self.version = version
    self.parent = parent
    self.operation = operation
  }

  /// All documents, those included whose text is not kept.
  public var documents: Int { subsets.reduce(0) { $0 + $1.documents } }

  /// Counts one document.
  mutating func count(_ text: LevelledText, subset: String, language: String) {
    let index =
      subsets.firstIndex {
        $0.name == subset && $0.language == language && $0.level == text.level
      } ?? subsets.endIndex
    if index == subsets.endIndex {
      subsets.append(
        Subset(
          name: subset, language: language, level: text.level, documents: 0, characters: 0,
          bytes: 0))
    }
    subsets[index].documents += 1
    subsets[index].characters += text.characters
    subsets[index].bytes += text.bytes
  }
}

extension CorpusManifest {
  /// The manifest as `corpus.yaml` holds it.
  var json: JSON {
    [
      "name": .string(name), "version": JSON(version), "parent": parent.map { JSON($0) } ?? .null,
      "operation": .string(operation),
      "subsets": .array(
        subsets.map {
          [
            "name": .string($0.name), "language": .string($0.language),
            "level": .string($0.level.rawValue), "documents": JSON($0.documents),
            "characters": JSON($0.characters), "bytes": JSON($0.bytes),
          ]
        }),
      "files": .array(
        files.map {
          [
            "number": JSON($0.number), "file": .string($0.file), "subset": .string($0.subset),
            "language": .string($0.language), "level": .string($0.level.rawValue),
            "documents": JSON($0.documents), "bytes": JSON($0.bytes),
            "sha256": .string($0.sha256),
          ]
        }),
      "sources": .array(
        sources.map {
          [
            "file": .string($0.file), "sha256": .string($0.sha256), "subset": .string($0.subset),
            "language": .string($0.language), "level": .string($0.level.rawValue),
            "documents": JSON($0.documents), "malformed": JSON($0.malformed),
            "repaired": JSON($0.repaired),
          ]
        }),
    ]
  }

  /// Reads the `corpus.yaml` of a version.
  ///
  /// - Throws: ``Failure`` naming file, line and field.
  public init(_ path: Path) throws {
    var fields = try YAML.read(path).fields()
    name = try fields.string("name")
    version = try fields.int("version")
    parent = try fields.optionalInt("parent")
    operation = try fields.string("operation")
    subsets = try fields.each("subsets") { fields throws(Failure) in
      try Subset(
        name: fields.string("name"), language: fields.string("language"),
        level: fields.choice("level"), documents: fields.int("documents"),
        characters: fields.int("characters"), bytes: fields.int("bytes"))
    }
    files = try fields.each("files") { fields throws(Failure) in
      try File(
        number: fields.int("number"), file: fields.fileName("file"),
        subset: fields.string("subset"), language: fields.string("language"),
        level: fields.choice("level"), documents: fields.int("documents"),
        bytes: fields.int("bytes"), sha256: fields.string("sha256"))
    }
    sources = try fields.each("sources") { fields throws(Failure) in
      try Source(
        file: fields.string("file"), sha256: fields.string("sha256"),
        subset: fields.string("subset"), language: fields.string("language"),
        level: fields.choice("level"), documents: fields.int("documents"),
        malformed: fields.int("malformed"), repaired: fields.int("repaired"))
    }
  }

  func write(to path: Path) throws { try Files.write(YAML.text(json), to: path) }
}
