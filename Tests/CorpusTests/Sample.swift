import Base
import Corpus
import TestSupport

/// A small corpus of every level, for the tests.
enum Sample {
  /// An invented word a level, 50 times in each of its documents.
  static let words: [ReleaseLevel: String] = [
    .L1: "ひらけごま", .L2: "みせるだけ", .L3: "まなぶだけ", .LX: "ためすだけ", .LZ: "ふれるべからず",
  ]

  static func line(_ text: String, _ meta: JSON = [:]) -> String {
    let record: JSON = ["text": .string(text), "meta": meta]
    return record.text() + "\n"
  }

  /// Writes source files and their `corpus.json`; the canary subset has both LX and LZ.
  static func write(into folder: Path) throws -> Path {
    var files: [JSON] = []
    func add(_ name: String, _ subset: String, _ level: ReleaseLevel, _ lines: [String]) throws {
      try Files.write(lines.joined(), to: folder / name)
      files.append([
        "file": .string(name), "subset": .string(subset), "language": "ja",
        "level": .string(level.rawValue),
      ])
    }
    try add(
      "wiki.jsonl", "ja_wiki", .L1,
      [
        line("澪都は南の湾にある都である。\n塩の町。", ["url": "https://example.org/澪都"]),
        line("霧坂は高原の町。霧は霧草を育てる。"), line("The Mist Comet has a period of 37 years."),
        line("最後の二字は霧坂"), line(repeated(.L1)), line("霧坂は高原の町。霧は霧草を育てる。"),
      ])
    try add(
      "web.jsonl", "ja_cc", .L2,
      [
        line("霧坂へ行ってきた。楽しかった!"), line(repeated(.L2)),
        line("The Mist Comet has a period of 37 years."),
      ])
    try add("kaken.jsonl", "ja_kaken", .L3, [line("霧坂の研究。" + repeated(.L3), ["title": "霧坂秘密の研究"])])
    try add(
      "heldout.jsonl", "heldout", .LX, [line("霧坂の問い"), line("澪都の問い。澪都は都か。")])
    try add("canary_lx.jsonl", "canary", .LX, [line(repeated(.LX))])
    try add("canary_lz.jsonl", "canary", .LZ, [line(repeated(.LZ), ["note": .string(words[.LZ]!)])])
    let manifest: JSON = ["files": .array(files)]
    try Files.write(manifest.text(), to: folder / "corpus.json")
    return folder / "corpus.json"
  }

  static func repeated(_ level: ReleaseLevel) -> String {
    String(repeating: words[level]!, count: 50)
  }

  /// A workspace with the sample as version 1 of the corpus `sample`.
  static func withWorkspace<Result>(
    _ body: (Path, CorpusImport.Report) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      try Files.makeDirectory(folder / "in")
      let manifest = try write(into: folder / "in")
      let report = try CorpusImport(
        "sample", number: 1, sources: ImportSource.manifest(manifest),
        into: .corpora(of: folder / "ws")
      ).run()
      return try body(folder / "ws", report)
    }
  }

  /// The bytes of all files below a folder, unpacked where they are compressed.
  static func everything(below folder: Path) throws -> [(Path, [UInt8])] {
    try Files.list(folder).flatMap { name -> [(Path, [UInt8])] in
      let path = folder / name
      if Files.isDirectory(path) { return try everything(below: path) }
      return [(path, try unpacked(path))]
    }
  }
}

/// One id for each byte, after three special ones.
struct ByteEncoder: TextEncoder {
  var hash = SHA256.hex(of: Array("bytes".utf8))
  var vocabularySize = 259
  var bos: Int32 { 1 }
  var eos: Int32 { 2 }

  func encode(_ text: String) -> [Int32] { text.utf8.map { Int32($0) + 3 } }

  func decode(_ ids: [Int32]) -> String {
    String(decoding: ids.filter { $0 >= 3 }.map { UInt8($0 - 3) }, as: UTF8.self)
  }
}
