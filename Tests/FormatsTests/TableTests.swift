import Base
import TestSupport
import Testing

@testable import Formats

@Suite("Tables of text") struct TableTests {
  static func rows(_ text: String, _ style: TableReader.Style) throws -> [SourceDocument] {
    try withTemporaryFolder { folder in
      let path = folder / "t"
      try Files.write(text, to: path)
      return try WebTests.all(TableReader(path, style: style))
    }
  }

  /// The rules are those of RFC 4180, section 2.
  @Test("reads quoted fields with separators, quotes and newlines") func commas() throws {
    let rows = try Self.rows(
      "\u{FEFF}id,text\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n2,塩\r\n\r\n3\r\n4,", .commas)
    #expect(
      rows.map(\.content) == [
        .text("a, \"b\"\nc"), .text("塩"), .skipped(reason: "1 fields for 2 columns"), .text(""),
      ])
    #expect(rows.map(\.number) == [1, 2, 4, 5])
    #expect(rows[0].fields.map(\.key) == ["id"] && rows[0].fields[0].value == "1")
  }

  @Test("reads tabs, with what backslashes stand for") func tabs() throws {
    let rows = try Self.rows("content\tn\na\\tb\\nc\\\\d\\x\t\"1\n", .tabs)
    #expect(rows.map(\.content) == [.text("a\tb\nc\\d\\x")])
    #expect(rows[0].fields[0].value == "\"1")
  }

  @Test("refuses a table without a column of text, and quotes without an end") func refusals()
    throws
  {
    #expect(
      complaint { try Self.rows("a,b\n1,2\n", .commas) }.contains("no column text or content"))
    #expect(complaint { try Self.rows("text\n\"a\nb\n", .commas) }.contains("row 1 has no end"))
    #expect(throws: Failure.self) { try Self.rows("", .commas) }
  }

  @Test("survives damaged tables") func fuzzing() throws {
    let seed = Array("id,text,note\n1,\"a, \"\"b\"\"\n\",x\n2,塩,\"\"\n".utf8)
    try withTemporaryFolder { folder in
      let path = folder / "t.csv"
      var fuzzer = Fuzzer(seeds: [seed], header: 13, words: ["\"", ",", "\r\n"])
      try fuzzer.run { bytes in
        try rewrite(path, with: bytes)
        guard var reader = try? TableReader(path, style: .commas) else { return false }
        do { while try reader.next() != nil {} } catch { return oneLine(error).contains("row") }
        return true
      }
    }
  }
}
