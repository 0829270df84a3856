import Base
import TestSupport
import Testing

@testable import Formats

@Suite("Parquet") struct ParquetTests {
  /// Made by `Goldens/make-parquet.py`: pyarrow 26.0.1.
  static let goldens = Path(#filePath).parent / "Goldens" / "parquet"

  static func rows(_ path: Path) throws -> [SourceDocument] {
    var reader = try ParquetDocuments(path)
    var rows: [SourceDocument] = []
    while let row = try reader.next() { rows.append(row) }
    return rows
  }

  @Test(
    "reads the texts that the peer wrote, in each form of page",
    arguments: ["plain", "dictionary", "snappy", "zstd", "gzip", "second"])
  func forms(_ form: String) throws {
    let found = try Self.rows(Self.goldens / "\(form).parquet")
    var lines = try JSONLinesReader(Self.goldens / "rows.jsonl")
    var number = 0
    while let line = try lines.next() {
      guard case .value(let row) = line.content else { continue }
      let document = try #require(found.indices.contains(number) ? found[number] : nil)
      number += 1
      #expect(document.number == number)
      if let text = row["text"]?.string {
        #expect(document.content == .text(text))
        #expect(document.fields.map(\.key) == ["source"])
        #expect(document.fields.first?.value == row["source"])
      } else {
        #expect(document.content == .skipped(reason: "no text"))
      }
    }
    #expect(found.count == number && number == 201)
  }

  @Test("reads a column that has a value in every row, by its other name") func required() throws {
    let rows = try Self.rows(Self.goldens / "required.parquet")
    #expect(rows.map(\.content) == [.text("x"), .text("y")])
  }

  @Test("names the codec that it does not read") func codec() throws {
    let text = complaint { try Self.rows(Self.goldens / "brotli.parquet") }
    #expect(text.contains("the codec 4 is not read") && text.contains("row 1"))
  }

  @Test("decodes the snappy of its own description") func snappy() throws {
    // A literal of 3, then a copy of 6 from 3 before (which overlaps), as format_description.txt has them.
    #expect(
      try Snappy.decode([9, 0x08, 0x61, 0x62, 0x63, 0x09, 0x03], size: 9)
        == Array("abcabcabc".utf8))
    #expect(throws: DamagedData.self) { try Snappy.decode([9, 0x09, 0x03], size: 9) }
    #expect(throws: DamagedData.self) { try Snappy.decode([9, 0x08, 0x61], size: 9) }
    #expect(throws: DamagedData.self) {
      try Snappy.decode([255, 255, 255, 255, 255, 255], size: 9)
    }
  }

  @Test("decodes runs and packed bits") func hybrid() {
    // The numbers 0 to 7 in three bits each, of the format's description; then a run of four times 5.
    let bytes: [UInt8] = [0x03, 0x88, 0xC6, 0xFA, 0x08, 0x05]
    var decoder = HybridDecoder(bytes, 0..<bytes.count, width: 3)
    #expect((0..<12).map { _ in decoder.next() } == [0, 1, 2, 3, 4, 5, 6, 7, 5, 5, 5, 5])
    #expect(decoder.next() == nil)
  }

  @Test("survives damaged files") func fuzzing() throws {
    let seeds = try ["required", "second", "zstd"].map {
      try Files.read(Self.goldens / "\($0).parquet")
    }
    try withTemporaryFolder { folder in
      let path = folder / "x.parquet"
      // The end names all else: it is mostly left alone, as a head would be.
      var fuzzer = Fuzzer(seeds: seeds.map { Array($0.reversed()) }, header: 8)
      try fuzzer.run { bytes in
        try rewrite(path, with: bytes.reversed())
        do {
          var reader = try ParquetDocuments(path)
          var count = 0
          while count < 1000, try reader.next() != nil { count += 1 }
          return true
        } catch {
          let text = oneLine(error)
          return !text.contains("the magic") && !text.contains("the footer's length")
        }
      }
    }
  }
}
