public import Base
import Formats

/// A file to be imported, and what its documents are.
public struct ImportSource: Equatable, Sendable {
  /// How documents lie in a file.
  public enum Format: String, Sendable, CaseIterable {
    /// By name and content.
    case auto
    /// One JSON object a line, with `text`.
    case jsonl
    /// The whole file is one document.
    case text
    /// The main text of a page.
    case html
    /// Pages and texts of a WARC or WET file.
    case warc
    /// The articles of a MediaWiki XML dump.
    case mediawiki
    /// The column `text` of a table.
    case csv, tsv, parquet

    /// All names, for messages.
    public static let names = allCases.map(\.rawValue).joined(separator: ", ")
  }

  public var path: Path
  public var subset: String
  public var language: String
  public var level: ReleaseLevel
  public var format: Format
  /// What the corpus calls it, where that is not its path: what came through standard input has none.
  public var label: String?

  public init(
    _ path: Path, subset: String, language: String, level: ReleaseLevel, format: Format = .auto
  ) {
    self.path = path
    self.subset = subset
    self.language = language
    self.level = level
    self.format = format
  }

  /// The sources under files and folders; of a folder all files whose names have no dot in front,
  /// in the order of their names.
  ///
  /// - Throws: ``Failure`` if one does not exist.
  public static func paths(
    _ paths: [Path], subset: String, language: String, level: ReleaseLevel, format: Format = .auto
  ) throws -> [ImportSource] {
    var sources: [ImportSource] = []
    for path in paths {
      if Files.isDirectory(path) {
        let inside = try Files.list(path).filter { !$0.hasPrefix(".") }.map { path / $0 }
        sources += try self.paths(
          inside, subset: subset, language: language, level: level, format: format)
      } else {
        guard Files.exists(path) else {
          throw Failure("\(path) does not exist", remedy: "Check the path.")
        }
        sources.append(
          ImportSource(path, subset: subset, language: language, level: level, format: format))
      }
    }
    return sources
  }

  /// The sources that a `corpus.json` lists: `{"files": [{"file", "subset", "language", "level"}]}`,
  /// with paths relative to it.
  ///
  /// - Throws: ``Failure`` naming the entry that is wrong.
  public static func manifest(_ path: Path) throws -> [ImportSource] {
    guard let files = try JSON.read(path)["files"]?.array else {
      throw Failure("\(path) has no list `files`", remedy: "Name a corpus.json.")
    }
    return try files.enumerated().map { index, entry in
      func text(_ key: String) throws(Failure) -> String {
        guard let value = entry[key]?.string, !value.isEmpty else {
          throw Failure(
            "\(path): files[\(index)].\(key) is missing or no text", remedy: "Add it there.")
        }
        return value
      }
      guard let level = ReleaseLevel(rawValue: try text("level")) else {
        throw Failure(
          "\(path): files[\(index)].level is \(Sanitiser.visible(try text("level")))",
          remedy: "Use one of L1, L2, L3, LX, LZ.")
      }
      var format = Format.auto
      if let label = entry["format"]?.string {
        guard let known = Format(rawValue: label) else {
          throw Failure(
            "\(path): files[\(index)].format is \(Sanitiser.visible(label))",
            remedy: "Use one of \(Format.names).")
        }
        format = known
      }
      return ImportSource(
        path.parent / (try text("file")), subset: try text("subset"),
        language: try text("language"), level: level, format: format)
    }
  }

  /// The format of the file, found out if it is `auto`.
  ///
  /// - Throws: ``Failure`` if it cannot be told.
  func resolvedFormat() throws -> Format {
    guard format == .auto else { return format }
    var plain = path
    while ["gz", "zst", "bz2"].contains(plain.fileExtension.lowercased()) {
      plain = Path(plain.stem)
    }
    switch plain.fileExtension.lowercased() {
    case "jsonl", "ndjson": return .jsonl
    case "txt", "md", "text": return .text
    case "html", "htm", "xhtml": return .html
    case "warc", "wet": return .warc
    case "csv": return .csv
    case "tsv": return .tsv
    case "parquet": return .parquet
    default: break
    }
    if let format = try formatByContent() { return format }
    throw Failure(
      "\(path): it cannot be told what this file holds",
      remedy: "Say --format with one of \(Format.names).")
  }

  /// What the first bytes of the file say.
  private func formatByContent() throws(Failure) -> Format? {
    let content = try ContentReader(path)
    var start: [UInt8] = []
    while start.count < 4096, try content.read(into: &start) > 0 {}
    if start.starts(with: Array("PAR1".utf8)) { return .parquet }
    let text = String(decoding: start.prefix(4096), as: UTF8.self).lowercased()
      .drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if text.hasPrefix("{") { return .jsonl }
    if text.hasPrefix("warc/") { return .warc }
    if text.hasPrefix("<mediawiki") { return .mediawiki }
    if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") { return .html }
    return nil
  }
}
