import Base
import TestSupport
import Testing

@testable import Formats

/// Memory does not grow with the file: each reader passes over 2 MB, then over 48 MB in no more.
@Suite("Memory of streams") struct StreamMemoryTests {
  /// Reads a file of many documents and checks how memory grew beyond that for a small one.
  private static func check<Reader: DocumentReader>(
    _ what: String, head: String, unit: String, tail: String = "",
    _ open: (Path) throws -> Reader
  ) {
    do {
      try withTemporaryFolder { folder in
        for megabytes in [2, 48] {
          let path = folder / "\(megabytes)"
          try write(path, head: head, unit: unit, tail: tail, size: megabytes << 20)
          let before = ResidentMemory.peak
          var reader = try open(path)
          var count = 0
          while let document = try reader.next() {
            if case .text = document.content { count += 1 }
          }
          let grown = ResidentMemory.peak - before
          precondition(count > megabytes * 900, "\(what): \(count) documents")
          precondition(megabytes == 2 || grown < 6 << 20, "\(what): \(grown) bytes more")
        }
      }
    } catch { preconditionFailure("\(what): \(oneLine(error))") }
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
}
