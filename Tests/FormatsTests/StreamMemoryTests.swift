import Base
import TestSupport
import Testing

@testable import Formats

/// Memory does not grow with the file: each reader passes over 2 MB, then over 48 MB in no more.
@Suite("Memory of streams") struct StreamMemoryTests {
  /// Made by `Goldens/make-stream.py`: units of a megabyte, packed.
  static let goldens = Path(#filePath).parent / "Goldens" / "stream"

  /// Reads files of many documents and checks how memory grew beyond that for a small one.
  ///
  /// - Parameter count: reads a file of so many megabytes and counts its documents.
  private static func check(_ what: String, _ count: (_ megabytes: Int) throws -> Int) {
    do {
      var before = 0
      for megabytes in [2, 48] {
        before = ResidentMemory.peak
        let documents = try count(megabytes)
        precondition(documents > megabytes * 900, "\(what): \(documents) documents")
      }
      let grown = ResidentMemory.peak - before
      precondition(grown < 6 << 20, "\(what): \(grown) bytes more")
    } catch { preconditionFailure("\(what): \(oneLine(error))") }
  }

  /// The same for a file that is written first.
  private static func check<Reader: DocumentReader>(
    _ what: String, head: String, unit: String, tail: String = "",
    _ open: (Path) throws -> Reader
  ) {
    check(what) { megabytes in
      try withTemporaryFolder { folder in
        let path = folder / "x"
        try write(path, head: head, unit: unit, tail: tail, size: megabytes << 20)
        return try documents(open(path))
      }
    }
  }

  private static func documents(_ reader: some DocumentReader) throws -> Int {
    var reader = reader
    var count = 0
    while let document = try reader.next() {
      if case .text = document.content { count += 1 }
    }
    return count
  }

  /// Golden files one behind the other, the second as often as there are megabytes.
  private static func concatenation(
    _ names: [String], _ megabytes: Int, at path: Path
  ) throws {
    let file = try AppendFile(creating: path)
    for (place, name) in names.enumerated() {
      let bytes = try Files.read(goldens / name)
      for _ in 0..<(place == names.count / 2 ? megabytes : 1) { try file.append(bytes) }
    }
    file.close()
  }

  private static func write(
    _ path: Path, head: String, unit: String, tail: String, size: Int
  ) throws {
    let file = try AppendFile(creating: path)
    try file.append(Array(head.utf8))
    var piece: [UInt8] = []
    while piece.count < 1 << 20 { piece += Array(unit.utf8) }
    for _ in 0..<size >> 20 { try file.append(piece) }
    try file.append(Array(tail.utf8))
    file.close()
  }

  /// About a kilobyte.
  private static let text = String(repeating: "霧坂の塩は春に作られ、夏に売られる。", count: 19)

  // Each in a process of its own, because the high-water mark is the process's.

  @Test("of extracted texts") func warc() async {
    await #expect(processExitsWith: .success) {
      let head = "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\n"
      let length = "Content-Length: \(Self.text.utf8.count)\r\n\r\n"
      Self.check("WET", head: "", unit: head + length + Self.text + "\r\n\r\n") {
        try WARCDocuments($0)
      }
    }
  }

  @Test("of a wiki's dump") func dump() async {
    await #expect(processExitsWith: .success) {
      let page = "<page><title>a</title><ns>0</ns><id>1</id><revision><text>\(Self.text)</text>"
      Self.check(
        "MediaWiki", head: "<mediawiki>\n", unit: page + "</revision></page>\n",
        tail: "</mediawiki>\n"
      ) { try MediaWikiDocuments($0) }
    }
  }

  @Test("of a table") func table() async {
    await #expect(processExitsWith: .success) {
      Self.check("CSV", head: "id,text\n", unit: "1,\"\(Self.text)\"\n") {
        try TableReader($0, style: .commas)
      }
    }
  }

  @Test("of lines in many members of gzip") func lines() async {
    await #expect(processExitsWith: .success) {
      Self.check("JSON lines") { megabytes in
        try withTemporaryFolder { folder in
          let path = folder / "x.jsonl.gz"
          try Self.concatenation(["lines.jsonl.gz"], megabytes, at: path)
          var reader = try JSONLinesReader(path)
          var count = 0
          while let line = try reader.next() {
            if case .value = line.content { count += 1 }
          }
          return count
        }
      }
    }
  }

  @Test("of pages in a packed crawl") func pages() async {
    await #expect(processExitsWith: .success) {
      Self.check("WARC") { megabytes in
        try withTemporaryFolder { folder in
          let path = folder / "x.warc.gz"
          try Self.concatenation(["pages.warc.gz"], megabytes, at: path)
          return try Self.documents(WARCDocuments(path))
        }
      }
    }
  }

  @Test("of a dump in many streams of bzip2") func packedDump() async {
    await #expect(processExitsWith: .success) {
      Self.check("MediaWiki") { megabytes in
        try withTemporaryFolder { folder in
          let path = folder / "x.xml.bz2"
          try Self.concatenation(
            ["head.xml.bz2", "pages.xml.bz2", "end.xml.bz2"], megabytes, at: path)
          return try Self.documents(MediaWikiDocuments(path))
        }
      }
    }
  }

  @Test("of row groups") func rowGroups() async {
    await #expect(processExitsWith: .success) {
      Self.check("Parquet") { megabytes in
        try Self.documents(ParquetDocuments(Self.goldens / "\(megabytes).parquet"))
      }
    }
  }
}
