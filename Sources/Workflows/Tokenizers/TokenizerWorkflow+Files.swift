public import Base
import Formats

extension TokenizerWorkflow {
  /// The texts of files: of JSON lines the `text` of each, of any other file the whole.
  ///
  /// Files may be compressed; of a folder all files are read whose names have no dot in front.
  ///
  /// - Returns: the texts, and `file:line: reason` for each line that was skipped.
  /// - Throws: `Failure` if a file is missing or damaged, or there is no text.
  public static func texts(ofFiles paths: [Path]) throws -> (texts: [String], skipped: [String]) {
    var found = FileTexts()
    for path in paths { try found.read(path) }
    guard !found.texts.isEmpty else {
      throw Failure("there is no text in the files", remedy: "Name files with text.")
    }
    return (found.texts, found.skipped)
  }
}

/// Texts being collected from files.
private struct FileTexts {
  var texts: [String] = []
  var skipped: [String] = []

  mutating func read(_ path: Path) throws {
    if Files.isDirectory(path) {
      for name in try Files.list(path) where !name.hasPrefix(".") { try read(path / name) }
      return
    }
    var plain = path
    while ["gz", "zst"].contains(plain.fileExtension.lowercased()) { plain = Path(plain.stem) }
    if ["jsonl", "ndjson"].contains(plain.fileExtension.lowercased()) {
      try readLines(path)
    } else {
      let content = try ContentReader(path)
      var bytes: [UInt8] = []
      while try content.read(into: &bytes) > 0 {
        guard bytes.count <= 1 << 30 else {
          throw Failure(
            "\(path) has more than 1 GB", remedy: "Cut it into documents, one JSON line each.")
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      if !text.isEmpty { texts.append(text) }
    }
  }

  private mutating func readLines(_ path: Path) throws {
    var reader = try JSONLinesReader(path)
    while let line = try reader.next() {
      switch line.content {
      case .malformed(let reason): skip(path, line.number, reason)
      case .value(let value):
        if let text = value["text"]?.string {
          texts.append(text)
        } else {
          skip(path, line.number, "no text")
        }
      }
    }
  }

  private mutating func skip(_ path: Path, _ line: Int, _ reason: String) {
    skipped.append(Sanitiser.visible("\(path):\(line): \(reason)"))
  }
}
